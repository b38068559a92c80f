package io.tocsin.deployment.internal;

import io.tocsin.deployment.api.DeploymentException;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.api.InstalledChannels.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Waits until a bundle that was started serves, and those before it are drained, or until it is known that it will not. */
final class SwapWatch {
    /** Proving takes 30 s at most, the old one is kept for 10 s and has 15 s to close: with room for a busy node. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** A service that a component waits for may be about to come. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final InstalledChannels channels;
    private final Diagnosis diagnosis;
    private final CountDownLatch closed = new CountDownLatch(1);

    private final SupersededVersions superseded;

    SwapWatch(InstalledChannels channels, Diagnosis diagnosis, SupersededVersions superseded) {
        this.channels = channels;
        this.diagnosis = diagnosis;
        this.superseded = superseded;
    }

    void close() {
        closed.countDown();
    }

    /** It is not known what comes of the bundle: it was left as it is, and may serve yet. */
    static final class Undecided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undecided(String message) {
            super(message);
        }
    }

    /**
     * @param replaced the bundle that served before
     * @return the channels of the bundle, all serving
     * @throws DeploymentException if one is refused, or nothing comes of the bundle
     * @throws Undecided if it takes too long, or is not waited for to the end
     */
    List<Version> until(Bundle bundle, Optional<Bundle> replaced, Consumer<String> progress) {
        Map<String, String> told = new HashMap<>();
        long begin = System.nanoTime();
        while (true) {
            List<Version> all = channels.versions();
            List<Version> its = all.stream()
                    .filter(each -> each.bundleId() == bundle.getBundleId())
                    .toList();
            its.forEach(each -> tell(each, told, progress));
            for (Version each : its) {
                if (each.standing() == Standing.REFUSED || each.standing() == Standing.SUPERSEDED) {
                    throw new DeploymentException(
                            words(each) + " does not serve: " + each.detail(), "correct it and bring another version");
                }
            }
            long waited = System.nanoTime() - begin;
            if (its.isEmpty()) {
                nothingYet(bundle, waited > GRACE.toNanos());
            } else if (its.stream().allMatch(each -> each.standing() == Standing.SERVING)
                    && isAlone(its, all)
                    && replaced.map(old -> isPutAway(old, all)).orElse(true)) {
                replaced.ifPresent(old -> progress.accept(LoneRefresh.name(old) + ": drained and stopped"));
                return its;
            }
            if (waited > LIMIT.toNanos()) {
                throw new Undecided("is not decided after " + LIMIT.toMinutes() + " minutes");
            }
            pause();
        }
    }

    private void nothingYet(Bundle bundle, boolean late) {
        Optional<Refusal> why = diagnosis.certain(bundle);
        if (why.isEmpty() && late) {
            why = Optional.of(diagnosis.silent(bundle));
        }
        why.ifPresent(refusal -> {
            throw new DeploymentException(LoneRefresh.name(bundle) + ' ' + refusal.reason(), refusal.cure());
        });
    }

    /** Whether every version that served one of these types before is drained and closed. */
    private static boolean isAlone(List<Version> its, List<Version> all) {
        return all.stream()
                .filter(each -> its.stream()
                        .anyMatch(own -> own.bundleId() != each.bundleId()
                                && own.installed()
                                        .type()
                                        .equals(each.installed().type())))
                .allMatch(each -> each.standing() == Standing.SUPERSEDED || each.standing() == Standing.REFUSED);
    }

    /** Not before its classes are gone: a rollback that starts it meanwhile would be refreshed with it. One with another channel stays. */
    private boolean isPutAway(Bundle old, List<Version> all) {
        boolean stopped = old.getState() == Bundle.UNINSTALLED
                || !old.adapt(BundleStartLevel.class).isPersistentlyStarted();
        return stopped && superseded.isIdle()
                || all.stream()
                        .anyMatch(each -> each.bundleId() == old.getBundleId() && each.standing() == Standing.SERVING);
    }

    private static void tell(Version version, Map<String, String> told, Consumer<String> progress) {
        String now = version.standing() + ", " + version.up() + " of " + version.accounts() + " accounts up";
        if (!now.equals(told.put(version.installed().type(), now))) {
            progress.accept(words(version) + ": " + now);
        }
    }

    private static String words(Version version) {
        return version.installed().type() + ' ' + version.installed().version();
    }

    private void pause() {
        try {
            if (closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Undecided("was left: dispatch stops");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Undecided("was interrupted");
        }
    }
}
