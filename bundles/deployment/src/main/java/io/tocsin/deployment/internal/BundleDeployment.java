package io.tocsin.deployment.internal;

import io.tocsin.deployment.api.ChannelDeployment;
import io.tocsin.deployment.api.DeploymentException;
import io.tocsin.routing.api.ChannelSwaps;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.api.InstalledChannels.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys channels as bundles: what the operator asks for is installed and started, dispatch decides who serves. */
@Component
public final class BundleDeployment implements ChannelDeployment {
    private static final Logger LOG = LoggerFactory.getLogger(BundleDeployment.class);

    private final BundleContext context;
    private final InstalledChannels channels;
    private final ChannelSwaps swaps;
    private final DispatchStatus dispatch;
    private final Admission admission;
    private final NodeFolders folders;
    private final KeptChannels kept;
    private final ChannelBundles bundles;
    private final Diagnosis diagnosis;
    private final LoneRefresh refresh;
    private final SwapWatch watch;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    @Activate
    public BundleDeployment(
            BundleContext context,
            @Reference InstalledChannels channels,
            @Reference ChannelSwaps swaps,
            @Reference DispatchStatus dispatch,
            @Reference Admission admission,
            @Reference SupersededVersions superseded,
            @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.channels = channels;
        this.swaps = swaps;
        this.dispatch = dispatch;
        this.admission = admission;
        folders = NodeFolders.of(context);
        kept = new KeptChannels(folders);
        bundles = new ChannelBundles(context, new Distribution(folders.system()));
        diagnosis = new Diagnosis(context, admission, components);
        refresh = new LoneRefresh(context);
        watch = new SwapWatch(channels, diagnosis, superseded);
    }

    @Deactivate
    void stop() {
        watch.close();
    }

    @Override
    public Deployed install(Path file, Consumer<String> progress) {
        return alone(() -> {
            ChannelJar jar = ChannelJar.read(file.toAbsolutePath());
            siblings(jar.symbolicName()).stream().findFirst().ifPresent(there -> {
                throw new DeploymentException(
                        LoneRefresh.name(there) + " is installed already",
                        "tocsin:channel-update " + file + " replaces it while it runs");
            });
            return bring(jar, Optional.empty(), progress);
        });
    }

    @Override
    public Deployed update(Path file, Consumer<String> progress) {
        return alone(() -> {
            ChannelJar jar = ChannelJar.read(file.toAbsolutePath());
            List<Bundle> siblings = siblings(jar.symbolicName());
            if (siblings.isEmpty()) {
                throw new DeploymentException(
                        "no version of " + jar.symbolicName() + " is installed", "tocsin:channel-install " + file);
            }
            if (siblings.stream().anyMatch(each -> each.getVersion().equals(jar.version()))) {
                throw new DeploymentException(
                        jar.symbolicName() + '/' + jar.version() + " is installed already",
                        "give the build another Bundle-Version: bnd does so at every build with -snapshot: ${tstamp}");
            }
            if (jar.singleton()) {
                throw new DeploymentException(
                        jar.symbolicName() + " says singleton:=true: two versions of it cannot be live side by side",
                        "build it without, or tocsin:channel-remove it first");
            }
            return bring(jar, serving(jar.symbolicName()), progress);
        });
    }

    @Override
    public Deployed rollback(String type, Consumer<String> progress) {
        return alone(() -> {
            Version serving = channels.versions().stream()
                    .filter(each -> each.installed().type().equals(type) && each.standing() == Standing.SERVING)
                    .findFirst()
                    .orElseThrow(() -> new DeploymentException(
                            "no version of channel " + type + " serves", "tocsin:channels says what is installed"));
            Bundle previous = bundles.named(serving.symbolicName()).stream()
                    .filter(each -> each.getBundleId() != serving.bundleId() && ChannelBundles.isPutAway(each))
                    .max(Comparator.comparing(Bundle::getVersion))
                    .orElseThrow(() -> new DeploymentException(
                            "no version of " + serving.symbolicName() + " is kept but the one that serves ("
                                    + serving.installed().version() + ')',
                            "tocsin:channel-update with the file of the version you want"));
            progress.accept(LoneRefresh.name(previous) + ": starting again");
            swaps.choose(previous.getBundleId());
            try {
                kept.mark(previous, false);
                return deployed(previous, start(previous, Optional.of(serving), progress), Optional.of(serving));
            } catch (DeploymentException failed) {
                putBack(previous);
                throw failed;
            } catch (IOException unwritable) {
                throw cannotWrite(unwritable);
            }
        });
    }

    @Override
    public List<String> remove(String channel, boolean force, Consumer<String> progress) {
        return alone(() -> {
            List<Bundle> going = versionsOf(channel);
            if (going.isEmpty()) {
                throw new DeploymentException(
                        "no channel " + channel + " is installed", "tocsin:channels says what is");
            }
            String waiting = accountsOn(going);
            if (!force && !waiting.isEmpty()) {
                throw new DeploymentException(
                        "accounts are open on it: " + waiting,
                        "disable them, or --force: what they have to send waits until a channel of that type is back");
            }
            List<String> removed = new ArrayList<>();
            for (Bundle each : going) {
                boolean ours = new Distribution(folders.system()).named(each);
                discard(each);
                removed.add(LoneRefresh.name(each));
                progress.accept(LoneRefresh.name(each) + ": removed"
                        + (ours
                                ? "; it belongs to the distribution and comes back with the next feature:install"
                                : ""));
                LOG.info("channel.removed bundle={} version={}", each.getSymbolicName(), each.getVersion());
            }
            return removed;
        });
    }

    @Override
    public List<Problem> problems() {
        Set<Long> known = channels.versions().stream().map(Version::bundleId).collect(Collectors.toSet());
        List<Problem> found = new ArrayList<>();
        for (Bundle bundle : bundles.all()) {
            if (!isKeptToRollBack(bundle, known)) {
                diagnosis.problem(bundle, known.contains(bundle.getBundleId())).ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    private boolean isKeptToRollBack(Bundle bundle, Set<Long> known) {
        return ChannelBundles.isPutAway(bundle)
                && admission.refusal(bundle).isEmpty()
                && bundles.named(bundle.getSymbolicName()).stream()
                        .anyMatch(each -> known.contains(each.getBundleId()));
    }

    private Deployed bring(ChannelJar jar, Optional<Version> serving, Consumer<String> progress) {
        Bundle bundle;
        try {
            Path copy = kept.keep(jar);
            try (InputStream content = Files.newInputStream(copy)) {
                bundle = context.installBundle(KeptChannels.location(copy), content);
            } catch (BundleException refused) {
                Files.deleteIfExists(copy);
                throw new DeploymentException(
                        "the framework does not install " + jar.file() + ": " + refused.getMessage(),
                        "build it with bnd-maven-plugin, as docs/write-a-channel.md shows");
            }
        } catch (IOException unwritable) {
            throw cannotWrite(unwritable);
        }
        progress.accept(LoneRefresh.name(bundle) + ": installed as bundle " + bundle.getBundleId());
        serving.filter(now -> bundle.getVersion()
                                .compareTo(context.getBundle(now.bundleId()).getVersion())
                        < 0)
                .ifPresent(higher -> swaps.choose(bundle.getBundleId()));
        try {
            List<Version> now = start(bundle, serving, progress);
            LOG.info(
                    "channel.deployed bundle={} version={} replaced={}",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    serving.map(old -> old.installed().version()).orElse("-"));
            return deployed(bundle, now, serving);
        } catch (DeploymentException failed) {
            try {
                discard(bundle);
            } catch (DeploymentException left) {
                failed.addSuppressed(left);
            }
            throw failed;
        }
    }

    /** Starts a bundle and waits for what becomes of it. */
    private List<Version> start(Bundle bundle, Optional<Version> serving, Consumer<String> progress) {
        admission.refusal(bundle).ifPresent(why -> {
            throw new DeploymentException(LoneRefresh.name(bundle) + ' ' + why.reason(), why.cure());
        });
        try {
            bundle.start();
        } catch (BundleException thrown) {
            Refusal why = diagnosis.notStarted(bundle, thrown);
            throw new DeploymentException(LoneRefresh.name(bundle) + ' ' + why.reason(), why.cure());
        }
        return watch.until(bundle, serving.map(old -> context.getBundle(old.bundleId())), progress);
    }

    private static Deployed deployed(Bundle bundle, List<Version> now, Optional<Version> replaced) {
        return new Deployed(
                now.stream().map(each -> each.installed().type()).sorted().toList(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                replaced.map(old -> old.installed().version()));
    }

    private List<Bundle> siblings(String symbolicName) {
        return List.of(context.getBundles()).stream()
                .filter(each -> symbolicName.equals(each.getSymbolicName()))
                .toList();
    }

    private Optional<Version> serving(String symbolicName) {
        return channels.versions().stream()
                .filter(each -> each.symbolicName().equals(symbolicName) && each.standing() == Standing.SERVING)
                .findFirst();
    }

    /** By symbolic name, else all of what serves a type, else whatever is of that type. The one that serves is last to go. */
    private List<Bundle> versionsOf(String channel) {
        List<Bundle> named = bundles.named(channel);
        if (!named.isEmpty()) {
            return servingLast(named);
        }
        List<Version> ofType = channels.versions().stream()
                .filter(each -> each.installed().type().equals(channel))
                .toList();
        Optional<String> serving = ofType.stream()
                .filter(each -> each.standing() == Standing.SERVING)
                .map(Version::symbolicName)
                .findFirst();
        return servingLast(ofType.stream()
                .map(Version::symbolicName)
                .filter(name -> serving.isEmpty() || serving.get().equals(name))
                .distinct()
                .flatMap(name -> bundles.named(name).stream())
                .toList());
    }

    private List<Bundle> servingLast(List<Bundle> of) {
        Set<Long> serving = channels.versions().stream()
                .filter(each -> each.standing() == Standing.SERVING)
                .map(Version::bundleId)
                .collect(Collectors.toSet());
        return of.stream()
                .sorted(Comparator.comparing(each -> serving.contains(each.getBundleId())))
                .toList();
    }

    private String accountsOn(List<Bundle> going) {
        Set<Long> ids = going.stream().map(Bundle::getBundleId).collect(Collectors.toSet());
        Set<String> types = channels.versions().stream()
                .filter(each -> ids.contains(each.bundleId()) && each.standing() == Standing.SERVING)
                .map(each -> each.installed().type())
                .collect(Collectors.toSet());
        return dispatch.accounts().stream()
                .filter(account -> types.contains(account.channel()))
                .map(DispatchStatus.AccountStatus::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void putBack(Bundle bundle) {
        try {
            bundle.stop();
            kept.mark(bundle, true);
            refresh.of(bundle);
        } catch (BundleException | IOException stopping) {
            LOG.warn("channel.stop-failed bundle={} problem=\"{}\"", bundle.getSymbolicName(), stopping.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes a bundle off the node, classes and all. */
    private void discard(Bundle bundle) {
        try {
            bundle.uninstall();
            kept.forget(bundle);
            refresh.of(bundle);
        } catch (BundleException | IOException left) {
            throw new DeploymentException(
                    LoneRefresh.name(bundle) + " could not be removed: " + left.getMessage(),
                    "bundle:uninstall " + bundle.getBundleId());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private DeploymentException cannotWrite(IOException unwritable) {
        return new DeploymentException(
                "the channel cannot be kept in " + folders.kept() + ": " + unwritable.getMessage(),
                "make room, and let the node's user write there");
    }

    private <T> T alone(Supplier<T> deployment) {
        if (!oneAtATime.tryLock()) {
            throw new DeploymentException("another deployment is under way", "wait until it has ended");
        }
        try {
            return deployment.get();
        } catch (SwapWatch.Undecided undecided) {
            throw new DeploymentException(
                    "the new version " + undecided.getMessage(), "tocsin:channels says how it goes on");
        } finally {
            oneAtATime.unlock();
        }
    }
}
