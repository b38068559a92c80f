package io.tocsin.deployment.internal;

import io.tocsin.deployment.api.ChannelDeployment.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Why a channel's bundle does not come as far as providing a channel. Runs nothing of the bundle's. */
final class Diagnosis {
    private static final int LONGEST = 300;
    private static final String REBUILD = "correct it, build it with another version and bring it with channel-update";

    private final BundleContext context;
    private final Admission admission;
    private final ServiceComponentRuntime components;

    Diagnosis(BundleContext context, Admission admission, ServiceComponentRuntime components) {
        this.context = context;
        this.admission = admission;
        this.components = components;
    }

    /** What is certain to keep it from serving, however long one waits. Empty when nothing is, or while it starts. */
    Optional<Refusal> certain(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> Optional.of(admission.refusal(bundle).orElseGet(() -> unresolved(bundle)));
            case Bundle.RESOLVED -> Optional.of(idle(bundle));
            case Bundle.ACTIVE -> failedComponent(bundle);
            default -> Optional.empty();
        };
    }

    /** @param provides whether dispatch knows a channel of it */
    Optional<Problem> problem(Bundle bundle, boolean provides) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return Optional.empty();
        }
        Optional<Refusal> found = certain(bundle);
        if (found.isEmpty() && bundle.getState() == Bundle.ACTIVE && !provides) {
            found = Optional.of(silent(bundle));
        }
        return found.map(why -> new Problem(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                bundle.getBundleId(),
                why.reason(),
                why.cure()));
    }

    /** Active for a while, and dispatch knows no channel of it. */
    Refusal silent(Bundle bundle) {
        return unsatisfiedComponent(bundle)
                .orElseGet(() -> new Refusal(
                        "is active and provides no channel",
                        "mark its provider with @Component(service = ChannelProvider.class) and @ChannelType"));
    }

    /** What {@code start} threw. */
    Refusal notStarted(Bundle bundle, BundleException thrown) {
        if (bundle.getState() == Bundle.INSTALLED) {
            return admission.refusal(bundle).orElseGet(() -> unresolved(bundle));
        }
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return new Refusal("threw when it was started: " + shortened(cause.toString()), REBUILD);
    }

    private Refusal idle(Bundle bundle) {
        String restart = "bundle:start " + bundle.getBundleId();
        return ChannelBundles.isPutAway(bundle)
                ? new Refusal("is stopped", restart)
                : new Refusal(
                        "did not start: what its activator threw is in the log", restart + " tries again and shows it");
    }

    /** No provider is installed for what it needs; when there is one for each they do not fit together. */
    private Refusal unresolved(Bundle bundle) {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        Set<String> missing = new TreeSet<>();
        for (BundleRequirement each : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (isNeededToResolve(each) && wiring.findProviders(each).isEmpty()) {
                missing.add(words(each));
            }
        }
        return missing.isEmpty()
                ? new Refusal(
                        "does not resolve: what it needs is there, but does not fit together",
                        "bundle:diag " + bundle.getBundleId() + " says which; embed the libraries it uses")
                : new Refusal(
                        "does not resolve: nothing on this node provides " + String.join(", ", missing),
                        "embed it (bnd: -conditionalpackage, -includeresource), or install the bundle that provides it");
    }

    private static boolean isNeededToResolve(BundleRequirement requirement) {
        String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        boolean optional = "optional".equals(resolution) || "dynamic".equals(resolution);
        return !optional && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private static String words(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        String what =
                switch (requirement.getNamespace()) {
                    case PackageNamespace.PACKAGE_NAMESPACE -> "package ";
                    case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> "Java ";
                    default -> "";
                };
        return what + filter.replace(requirement.getNamespace() + '=', "");
    }

    private Optional<Refusal> failedComponent(Bundle bundle) {
        return configurations(bundle).stream()
                .filter(each -> each.failure != null)
                .findFirst()
                .map(each -> new Refusal(
                        "component " + each.description.name + " threw when it was activated: "
                                + firstLine(each.failure),
                        REBUILD));
    }

    private Optional<Refusal> unsatisfiedComponent(Bundle bundle) {
        for (ComponentDescriptionDTO description : providers(bundle)) {
            if (!components.isComponentEnabled(description)) {
                return Optional.of(new Refusal(
                        "component " + description.name + " is not enabled", "scr:enable " + description.name));
            }
            for (ComponentConfigurationDTO each : components.getComponentConfigurationDTOs(description)) {
                if (each.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
                    return Optional.of(new Refusal(
                            "component " + description.name + " waits for configuration "
                                    + String.join(", ", description.configurationPid),
                            "write etc/" + description.configurationPid[0] + ".cfg"));
                }
                if (each.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                    return Optional.of(new Refusal(
                            "component " + description.name + " waits for a service: "
                                    + references(description, each.unsatisfiedReferences),
                            "install what provides it; a channel is best without services of others"));
                }
            }
        }
        return Optional.empty();
    }

    private static String references(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO[] unsatisfied) {
        Set<String> names = Arrays.stream(unsatisfied).map(each -> each.name).collect(Collectors.toSet());
        return Arrays.stream(description.references)
                .filter(each -> names.contains(each.name))
                .map(each -> each.interfaceName)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private List<ComponentConfigurationDTO> configurations(Bundle bundle) {
        List<ComponentConfigurationDTO> all = new ArrayList<>();
        providers(bundle).forEach(each -> all.addAll(components.getComponentConfigurationDTOs(each)));
        return all;
    }

    private List<ComponentDescriptionDTO> providers(Bundle bundle) {
        return components.getComponentDescriptionDTOs(bundle).stream()
                .filter(each -> List.of(each.serviceInterfaces).contains(ChannelBundles.PROVIDER))
                .toList();
    }

    /** A component's failure is a whole stack trace; the cause is what helps. */
    private static String firstLine(String trace) {
        return shortened(trace.lines()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElseGet(() -> trace.lines().findFirst().orElse("")));
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + '…' : line;
    }
}
