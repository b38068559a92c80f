package io.tocsin.deployment.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings channel bundles onto this node and takes them off it. One deployment at a time; each call blocks until the outcome is
 * known, two minutes at most, and tells what it does on the way, in lines for a person, on the caller's thread. Whatever fails, the
 * version that served before goes on serving.
 */
@ProviderType
public interface ChannelDeployment {

    /**
     * Installs a channel that is not on this node yet. The file is copied: it may be deleted afterwards.
     *
     * @throws DeploymentException with reason and cure; nothing of the bundle is left then
     */
    Deployed install(Path file, Consumer<String> progress);

    /**
     * Opens another version beside the one that serves, lets it prove itself, has it take over, stops the old one and keeps it for a
     * {@link #rollback}. A version kept before that one is uninstalled. The file is copied.
     *
     * @throws DeploymentException with reason and cure; nothing of the new version is left then
     */
    Deployed update(Path file, Consumer<String> progress);

    /**
     * Goes back to the version that was replaced last, in the same way; called again, forward.
     *
     * @param type of the channel: {@code sms}
     * @throws DeploymentException with reason and cure
     */
    Deployed rollback(String type, Consumer<String> progress);

    /**
     * Stops and uninstalls all versions of a channel. What its accounts have to send waits until a channel of its type is back.
     *
     * @param channel its type, or its bundle's symbolic name for one that does not serve
     * @param force although accounts are open on it
     * @return what was removed: symbolic name and version
     * @throws DeploymentException with reason and cure
     */
    List<String> remove(String channel, boolean force, Consumer<String> progress);

    /** Every bundle that is a channel, or claims to be one, and does not come as far as serving. Returns at once. */
    List<Problem> problems();

    /**
     * @param channels the types that it provides
     * @param replaced the version that served before
     */
    record Deployed(List<String> channels, String symbolicName, String version, Optional<String> replaced) {
        public Deployed {
            channels = List.copyOf(channels);
        }
    }

    /**
     * @param reason why it does not serve
     * @param cure what to do about it
     */
    record Problem(String symbolicName, String version, long bundleId, String reason, String cure) {}
}
