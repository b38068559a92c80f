package io.tocsin.deployment.internal;

import io.tocsin.routing.api.ChannelSwaps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator deployed holds after a restart: channels whose bundles went with the container's cache are installed again from
 * their copies, and a version that was gone back to serves although a higher one is kept.
 */
@Component(
        service = {},
        immediate = true)
public final class ReturningChannels {
    private static final Logger LOG = LoggerFactory.getLogger(ReturningChannels.class);

    private final BundleContext context;
    private final ChannelSwaps swaps;
    private final KeptChannels kept;
    private final ChannelBundles channels;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "tocsin-channels-return"));

    /** @param admission looks at what this installs: it must be there first */
    @Activate
    public ReturningChannels(BundleContext context, @Reference ChannelSwaps swaps, @Reference Admission admission) {
        this.context = context;
        this.swaps = swaps;
        NodeFolders folders = NodeFolders.of(context);
        kept = new KeptChannels(folders);
        channels = new ChannelBundles(context, new Distribution(folders.system()));
    }

    /** Not on the framework's thread: installing reads files. */
    @Activate
    void start() {
        thread.execute(this::bringBack);
        thread.shutdown();
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
    }

    private void bringBack() {
        try {
            for (Path jar : kept.all()) {
                if (context.getBundle(KeptChannels.location(jar)) == null) {
                    install(jar);
                }
            }
        } catch (IOException unreadable) {
            LOG.error("channels.kept-unreadable problem=\"{}\"", unreadable.getMessage());
        }
        channels.all().forEach(this::chooseAgain);
    }

    private void install(Path jar) throws IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle(KeptChannels.location(jar), content);
            LOG.info("channel.returned bundle={} version={}", bundle.getSymbolicName(), bundle.getVersion());
            if (!kept.stopped(jar)) {
                bundle.start();
            }
        } catch (BundleException refused) {
            LOG.error("channel.not-returned file={} problem=\"{}\"", jar, refused.getMessage());
        }
    }

    /** Started although a higher version is put away: it was gone back to. Else that one, started by a feature, would take over. */
    private void chooseAgain(Bundle bundle) {
        List<Bundle> versions = channels.named(bundle.getSymbolicName());
        boolean higherIsPutAway = versions.stream()
                .anyMatch(
                        each -> each.getVersion().compareTo(bundle.getVersion()) > 0 && ChannelBundles.isPutAway(each));
        if (bundle.getState() == Bundle.ACTIVE && higherIsPutAway) {
            swaps.choose(bundle.getBundleId());
        }
    }
}
