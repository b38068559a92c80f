package io.tocsin.shell.internal;

import io.tocsin.deployment.api.ChannelDeployment.Deployed;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code tocsin:channel-update}: brings another version beside the one that serves and lets it take over. Fails with reason and cure. */
@Service
@Command(
        scope = "tocsin",
        name = "channel-update",
        description = "Replaces a channel by another version of it, while messages flow")
public final class ChannelUpdateCommand extends DeploymentCommand {
    @Argument(index = 0, name = "file", required = true, description = "The jar, on this node's disk")
    @Completion(FileCompleter.class)
    private String file;

    @Override
    public Object execute() {
        Deployed done = deployment().update(ChannelFile.of(file), System.out::println);
        System.out.println(done.symbolicName() + "/" + done.version() + " serves " + String.join(", ", done.channels())
                + done.replaced()
                        .map(old -> "; " + old + " is kept for tocsin:channel-rollback")
                        .orElse(""));
        return null;
    }
}
