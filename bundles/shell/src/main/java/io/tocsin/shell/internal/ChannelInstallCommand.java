package io.tocsin.shell.internal;

import io.tocsin.deployment.api.ChannelDeployment.Deployed;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code tocsin:channel-install}: installs a channel that is not on this node yet. Fails with reason and cure. */
@Service
@Command(
        scope = "tocsin",
        name = "channel-install",
        description = "Installs a channel from a jar; the file may be deleted afterwards")
public final class ChannelInstallCommand extends DeploymentCommand {
    @Argument(index = 0, name = "file", required = true, description = "The jar, on this node's disk")
    @Completion(FileCompleter.class)
    private String file;

    @Override
    public Object execute() {
        Deployed done = deployment().install(ChannelFile.of(file), System.out::println);
        System.out.println(
                done.symbolicName() + "/" + done.version() + " serves " + String.join(", ", done.channels()));
        return null;
    }
}
