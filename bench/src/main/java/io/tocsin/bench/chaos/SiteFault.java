package io.tocsin.bench.chaos;

import io.tocsin.peers.sites.Relay;
import io.tocsin.peers.sites.SiteName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What happens to a platform on two sites. Each is over, and everything back where it was, when it returns. */
public enum SiteFault {
    /** A node is gone without a word; the other takes over what it held. */
    NODE_KILLED("node-killed") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) throws IOException, InterruptedException {
            long from = System.nanoTime();
            sites.node(site).kill();
            ordeal.awaitTakenOver(site);
            ordeal.measured(word(), "its batches were the other's", since(from));
            sites.restart(site);
        }
    },
    /** PostgreSQL and Patroni of the primary's site are gone; the standby is promoted. */
    PRIMARY_KILLED("primary-killed") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.databases().killPostgres(old);
            sites.databases().awaitPrimary(old.peer());
            ordeal.measured(word(), "the standby was promoted", since(from));
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
            sites.databases().startPostgres(old);
            sites.databases().awaitProtected();
        }
    },
    /** Everything at the primary's site is gone at once: node, PostgreSQL, etcd. */
    SITE_LOST("site-lost") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException, InterruptedException {
            SiteName lost = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.node(lost).kill();
            sites.databases().killPostgres(lost);
            sites.databases().killEtcd(lost);
            if (sites.switches().isPresent()) {
                sites.switches().get().kill(lost);
            }
            sites.databases().awaitPrimary(lost.peer());
            ordeal.measured(word(), "the standby was promoted", since(from));
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
            callsGoOn(ordeal, lost.peer(), from);
            if (sites.switches().isPresent()) {
                sites.switches().get().startAgain(lost);
            }
            sites.databases().startEtcd(lost);
            sites.databases().startPostgres(lost);
            sites.databases().awaitProtected();
            sites.restart(lost);
            linesAreUsedAgain(ordeal, lost);
        }
    },
    /** The primary's site is cut off from both others, but not from its carriers: it must stop, and the other go on. */
    SITE_CUT_OFF("site-cut-off") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.network().isolate(old);
            TwoSites.await(
                    "the primary that was cut off is none any more",
                    () -> sites.databases().primary().filter(old::equals).isEmpty());
            ordeal.measured(word(), "the old primary had stepped down", since(from));
            sites.databases().awaitPrimary(old.peer());
            ordeal.measured(word(), "the standby was promoted", since(from));
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
            callsGoOn(ordeal, old.peer(), from);
            TwoSites.await("the node that is cut off says so", () -> !usable(sites, old));
            ordeal.awaitMore(Math.min(100, sites.people() / 20));
            long healed = System.nanoTime();
            sites.network().healAll();
            sites.databases().awaitProtected();
            ordeal.measured(word(), "the old primary followed the new one", since(healed));
            TwoSites.await("its node works on the new primary", () -> usable(sites, old));
            ordeal.measured(word(), "its node worked on the new primary", since(healed));
            linesAreUsedAgain(ordeal, old);
        }
    },
    /** The link between the two sites is cut, and each still has the witness: the primary stays, alone. */
    LINK_CUT("link-cut") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName primary = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.network().cut(primary, primary.peer());
            TwoSites.await(
                    "commits wait for nobody",
                    () -> !sites.databases().synchronous(primary.peer())
                            && sites.databases().primary().isPresent());
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
            long healed = System.nanoTime();
            sites.network().healAll();
            sites.databases().awaitProtected();
            ordeal.measured(word(), "a standby was synchronous again", since(healed));
        }
    },
    /** PostgreSQL of the primary stands still for longer than it keeps its lock, then goes on where it was. */
    PRIMARY_FROZEN("primary-frozen") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.databases().freeze(old);
            try {
                sites.databases().awaitPrimary(old.peer());
                ordeal.measured(word(), "the standby was promoted", since(from));
                ordeal.awaitMore(1);
                ordeal.measured(word(), "a message left", since(from));
            } finally {
                sites.databases().thaw(old);
            }
            long thawed = System.nanoTime();
            sites.databases().awaitProtected();
            ordeal.measured(word(), "the old primary followed the new one", since(thawed));
        }
    },
    /** The primary's machine dies; when the other has been promoted, somebody starts the old PostgreSQL by hand, past Patroni. */
    OLD_TIMELINE_BACK("old-timeline-back") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            sites.databases().killPostgres(old);
            sites.databases().awaitPrimary(old.peer());
            TwoSites.await("both nodes work on the new primary", () -> usable(sites, old) && usable(sites, old.peer()));
            // Out of reach of the right one: what its node finds is the old.
            sites.network().isolate(old);
            sites.databases().startPast(old);
            try {
                long from = System.nanoTime();
                TwoSites.await(
                        "the node beside it refuses it", () -> state(sites, old).startsWith("refused-timeline "));
                ordeal.measured(word(), "the node beside it refused it", since(from));
                ordeal.awaitMore(Math.min(100, sites.people() / 20));
            } finally {
                sites.databases().stopPast(old);
                sites.network().healAll();
            }
            long healed = System.nanoTime();
            sites.databases().startPostgres(old);
            sites.databases().awaitProtected();
            ordeal.measured(word(), "it followed the new primary", since(healed));
            TwoSites.await("its node works on the new primary", () -> usable(sites, old));
        }
    },
    /** An operator moves the primary to the other site, as for maintenance. */
    PLANNED_SWITCH("planned-switch") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.databases().switchOver(old);
            sites.databases().awaitPrimary(old.peer());
            ordeal.measured(word(), "the standby was promoted", since(from));
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
            sites.databases().awaitProtected();
            ordeal.measured(word(), "a standby was synchronous again", since(from));
        }
    },
    /** The witness is gone: nobody notices, and nothing may fail beside it. */
    WITNESS_LOST("witness-lost") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            sites.databases().killEtcd(SiteName.WITNESS);
            ordeal.measured(word(), "messages left all the time", ordeal.awaitMore(50));
            sites.databases().startEtcd(SiteName.WITNESS);
        }
    },
    /** The way to the carrier falls silent, with every connection open: what is in flight is in doubt. */
    CARRIER_SILENT("carrier-silent") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) {
            sites.carriers().ways().forEach(Relay::fallSilent);
            Site.pause(SILENCE);
            long from = System.nanoTime();
            sites.carriers().ways().forEach(Relay::speakAgain);
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(from));
        }
    },
    /** The SMSC of one site is out of reach, that of the other is not: what is left to send goes where the carrier is. */
    CARRIER_AT_ONE_SITE("carrier-at-one-site") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) {
            long from = System.nanoTime();
            sites.carriers().way(site).fallSilent();
            try {
                TwoSites.await("the node without a carrier holds nothing", () -> ordeal.held(site) == 0);
                ordeal.measured(word(), "the node without a carrier held nothing", since(from));
                TwoSites.await("both nodes name it", () -> both(s -> sites.named(s, "carrier-at-one-site")));
                ordeal.measured(word(), "both nodes named it", since(from));
                long there = sites.carriers().messages(site.peer());
                ordeal.awaitMore(share(sites));
                TwoSites.await(
                        "messages leave from the other site, or all have",
                        () -> sites.carriers().messages(site.peer()) > there || ordeal.left() >= sites.people());
                if (ordeal.left() < sites.people() && ordeal.held(site) != 0) {
                    throw new IllegalStateException("the node without a carrier holds messages it cannot send");
                }
            } finally {
                sites.carriers().way(site).speakAgain();
            }
            long back = System.nanoTime();
            TwoSites.await("nobody names it any more", () -> both(s -> !sites.named(s, "carrier-at-one-site")));
            ordeal.measured(word(), "nobody named it any more", since(back));
        }
    },
    /** The switch of one site is gone, with the calls on it: who is left is called by the other's, and it is said. */
    SWITCH_AT_ONE_SITE("switch-at-one-site") {
        @Override
        boolean ofCalls() {
            return true;
        }

        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) throws IOException, InterruptedException {
            SiteSwitches switches = sites.switches().orElseThrow();
            CallsOrdeal calls = ordeal.calls().orElseThrow();
            TwoSites.await("somebody listens at each site", () -> both(s -> switches.up(s) > 1));
            long from = System.nanoTime();
            switches.kill(site);
            try {
                TwoSites.await("both nodes name it", () -> both(s -> sites.named(s, "carrier-at-one-site")));
                ordeal.measured(word(), "both nodes named it", since(from));
                TwoSites.await(
                        "the node without a switch has nobody to call", () -> ordeal.held(site, calls.alert()) == 0);
                ordeal.measured(word(), "the node without a switch had nobody to call", since(from));
                if (calls.awaitMore(site.peer(), SiteSwitches.LINES)) {
                    ordeal.measured(word(), "as many calls as it has lines left from the other site", since(from));
                }
                long lines = calls.linesHeld();
                if (lines > SiteSwitches.LINES) {
                    throw new IllegalStateException("the ledger counts " + lines + " lines, and " + SiteSwitches.LINES
                            + " are left: those of the dead switch are counted as there");
                }
            } finally {
                switches.startAgain(site);
            }
            long back = System.nanoTime();
            TwoSites.await("nobody names it any more", () -> both(s -> !sites.named(s, "carrier-at-one-site")));
            ordeal.measured(word(), "nobody named it any more", since(back));
            linesAreUsedAgain(ordeal, site);
        }
    },
    /** The disk of the primary is full for a while, and then is not. */
    DISK_FULL("disk-full") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName full = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.databases().fillDisk(full);
            try {
                TwoSites.await(
                        "a node names it",
                        () -> !both(s -> !sites.named(s, "disk-full") && !sites.named(s, "no-primary")));
                ordeal.measured(word(), "a node named it", since(from));
                Site.pause(FULL);
            } finally {
                sites.databases().freeDisk(full);
            }
            long freed = System.nanoTime();
            ordeal.awaitMore(1);
            ordeal.measured(word(), "a message left", since(freed));
            sites.databases().awaitProtected();
            ordeal.measured(word(), "a primary and a synchronous standby", since(freed));
            TwoSites.await("both nodes work", () -> both(s -> usable(sites, s)));
        }
    },
    /** A site's node comes up with a clock that is minutes off, and with the right one later. */
    CLOCK_WRONG("clock-wrong") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) throws IOException, InterruptedException {
            // Ahead at one site, behind at the other: the seed says at which.
            sites.restartWithClock(site, site == SiteName.A ? OFF : OFF.negated());
            long from = System.nanoTime();
            TwoSites.await("the node names it", () -> sites.named(site, "clock-skew"));
            ordeal.measured(word(), "the node named it", since(from));
            ordeal.awaitMore(share(sites));
            sites.restartWithClock(site, Duration.ZERO);
            long back = System.nanoTime();
            TwoSites.await("it is named no more", () -> usable(sites, site) && !sites.named(site, "clock-skew"));
            ordeal.measured(word(), "it was named no more", since(back));
        }
    },
    /** Everything between the two sites takes half a second more for the way there and back. */
    LINK_SLOW("link-slow") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName primary = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.network().slow(primary, primary.peer(), SLOW);
            try {
                TwoSites.await("both nodes name it", () -> both(s -> sites.named(s, "database-slow")));
                ordeal.measured(word(), "both nodes named it", since(from));
                ordeal.measured(word(), "messages left all the time", ordeal.awaitMore(share(sites)));
            } finally {
                sites.network().healAll();
            }
            long healed = System.nanoTime();
            sites.databases().awaitProtected();
            TwoSites.await(
                    "nobody names it any more", () -> both(s -> usable(sites, s) && !sites.named(s, "database-slow")));
            ordeal.measured(word(), "nobody named it any more", since(healed));
        }
    },
    /** The link between the two sites carries one way only, and nobody is told. */
    LINK_HALF_OPEN("link-half-open") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName silent) throws IOException {
            SiteName primary = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.network().openOneWay(silent, silent.peer());
            try {
                TwoSites.await(
                        "commits wait for nobody",
                        () -> !sites.databases().synchronous(primary.peer())
                                && sites.databases().primary().isPresent());
                ordeal.awaitMore(1);
                ordeal.measured(word(), "a message left", since(from));
                TwoSites.await("the node without a primary says so", () -> !usable(sites, primary.peer()));
                ordeal.measured(word(), "the node without a primary said so", since(from));
            } finally {
                sites.network().healAll();
            }
            long healed = System.nanoTime();
            sites.databases().awaitProtected();
            ordeal.measured(word(), "a standby was synchronous again", since(healed));
            TwoSites.await("both nodes work", () -> both(s -> usable(sites, s)));
            ordeal.measured(word(), "both nodes worked", since(healed));
        }
    },
    /** The servers' names are found no more; then the primary moves. */
    NAMES_GONE("names-gone") {
        @Override
        void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName any) throws IOException {
            SiteName old = sites.databases().awaitProtected();
            long from = System.nanoTime();
            sites.databases().forgetNames();
            try {
                TwoSites.await("both nodes name it", () -> both(s -> sites.named(s, "names-gone")));
                ordeal.measured(word(), "both nodes named it", since(from));
                long moved = System.nanoTime();
                sites.databases().switchOver(old);
                sites.databases().awaitPrimary(old.peer());
                ordeal.awaitMore(share(sites));
                ordeal.measured(word(), "messages left by the new primary", since(moved));
            } finally {
                sites.databases().rememberNames();
            }
            long back = System.nanoTime();
            sites.databases().awaitProtected();
            TwoSites.await(
                    "nobody names it any more", () -> both(s -> usable(sites, s) && !sites.named(s, "names-gone")));
            ordeal.measured(word(), "nobody named it any more", since(back));
        }
    };

    /** Longer than a carrier may take to answer, so that there is doubt. */
    private static final Duration SILENCE = Duration.ofSeconds(12);

    /** A disk is full for as long as somebody needs to be told, and to find what may go. */
    private static final Duration FULL = Duration.ofSeconds(30);

    /** What no clock on NTP is off by. */
    private static final Duration OFF = Duration.ofMinutes(5);

    /** More each way: half a second there and back, a bad satellite link. */
    private static final Duration SLOW = Duration.ofMillis(250);

    /** As health names the states of a server that is worked on. */
    private static final List<String> USABLE = List.of("up ", "unprotected ", "slow ", "clock-apart ");

    private final String word;

    SiteFault(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** @param site which one, where the fault leaves the choice */
    abstract void strike(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) throws IOException, InterruptedException;

    /** Does it to a running alert. */
    public void on(TwoSites sites, TwoSitesOrdeal ordeal, SiteName site) throws IOException, InterruptedException {
        ordeal.longestWithoutWriting();
        strike(sites, ordeal, site);
        ordeal.measured(word, "longest without a write acknowledged anywhere", ordeal.longestWithoutWriting());
    }

    /** Whether it is one of switches: it needs people who are called. */
    boolean ofCalls() {
        return false;
    }

    /** Where people are called: the switch of the site that is left has their calls. */
    void callsGoOn(TwoSitesOrdeal ordeal, SiteName left, long from) {
        ordeal.calls().ifPresent(calls -> {
            if (calls.awaitMore(left, 1)) {
                ordeal.measured(word, "a call left from site " + left.word(), since(from));
            }
        });
    }

    /** Where people are called, and some are left: the switch of the site that is back has calls again. */
    void linesAreUsedAgain(TwoSitesOrdeal ordeal, SiteName back) {
        ordeal.calls().ifPresent(calls -> {
            long from = System.nanoTime();
            if (calls.awaitMore(back, 1)) {
                ordeal.measured(word, "a call left from site " + back.word() + " again", since(from));
            }
        });
    }

    /** Messages that show that dispatch goes on. */
    private static long share(TwoSites sites) {
        return Math.min(100, sites.people() / 20);
    }

    private static boolean both(Predicate<SiteName> which) {
        return which.test(SiteName.A) && which.test(SiteName.B);
    }

    private static boolean usable(TwoSites sites, SiteName site) {
        String state = state(sites, site);
        return USABLE.stream().anyMatch(state::startsWith);
    }

    private static String state(TwoSites sites, SiteName site) {
        try {
            return sites.database(site);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static double since(long from) {
        return (System.nanoTime() - from) / 1e9;
    }
}
