package io.tocsin.deployment.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * What a bundle must fulfil to be let in. A channel that is not the distribution's own sees {@code io.tocsin.channel.api} of ours and
 * nothing else; in production mode whatever is not the distribution's own is signed.
 */
final class AdmissionRules {
    static final String CHANNEL_API = "io.tocsin.channel.api";
    private static final String OURS = "io.tocsin.";

    private final Distribution distribution;
    private final Optional<Signatures> signatures;

    /** @param signatures empty in development mode */
    AdmissionRules(Distribution distribution, Optional<Signatures> signatures) {
        this.distribution = distribution;
        this.signatures = signatures;
    }

    Optional<Refusal> refusal(Bundle bundle) throws IOException {
        if (bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            return Optional.empty();
        }
        if (importsChannelApi(bundle) && !distribution.holds(bundle)) {
            Optional<Refusal> reach = reach(bundle.adapt(BundleRevision.class));
            if (reach.isPresent()) {
                return reach;
            }
        }
        if (signatures.isPresent() && !distribution.holdsUnchanged(bundle)) {
            return signatures.get().refusal(bundle);
        }
        return Optional.empty();
    }

    static boolean importsChannelApi(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null
                && required(revision, PackageNamespace.PACKAGE_NAMESPACE).anyMatch(CHANNEL_API::equals);
    }

    private static Optional<Refusal> reach(BundleRevision revision) {
        Set<String> own = revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(each -> (String) each.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
                .collect(Collectors.toSet());
        Stream<String> packages = required(revision, PackageNamespace.PACKAGE_NAMESPACE)
                .filter(name -> reachesOurs(name) && !name.equals(CHANNEL_API) && !own.contains(name))
                .map(name -> "imports " + name);
        Stream<String> bundles = required(revision, BundleNamespace.BUNDLE_NAMESPACE)
                .filter(AdmissionRules::reachesOurs)
                .map(name -> "requires bundle " + name);
        Stream<String> hosts = required(revision, HostNamespace.HOST_NAMESPACE)
                .filter(AdmissionRules::reachesOurs)
                .map(name -> "is a fragment of " + name);
        String wrong = Stream.of(packages, bundles, hosts)
                .flatMap(each -> each)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        wrong, "a channel may use " + CHANNEL_API + " and nothing else of ours, not even optionally"));
    }

    /** A dynamic import may end in a star: {@code *} and {@code io.*} reach ours as {@code io.tocsin.*} does. */
    private static boolean reachesOurs(String name) {
        if (!name.endsWith("*")) {
            return name.startsWith(OURS);
        }
        String prefix = name.substring(0, name.length() - 1);
        return prefix.startsWith(OURS) || OURS.startsWith(prefix);
    }

    /** The names in the filters that the framework makes of the headers: {@code (&(osgi.wiring.package=NAME)(version>=1))}. */
    private static Stream<String> required(BundleRevision revision, String namespace) {
        Pattern name = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]*)\\)");
        return revision.getDeclaredRequirements(namespace).stream()
                .map(AdmissionRules::filter)
                .map(name::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    private static String filter(BundleRequirement requirement) {
        return requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    }
}
