package io.tocsin.shell.internal;

import io.tocsin.deployment.api.ChannelDeployment.Deployed;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code tocsin:channel-rollback}: goes back to the version that was replaced last. Fails with reason and cure. */
@Service
@Command(
        scope = "tocsin",
        name = "channel-rollback",
        description = "Goes back to the version of a channel that was replaced last")
public final class ChannelRollbackCommand extends DeploymentCommand {
    @Argument(index = 0, name = "type", required = true, description = "The channel's type: sms")
    @Completion(ChannelCompleter.class)
    private String type;

    @Override
    public Object execute() {
        Deployed done = deployment().rollback(type, System.out::println);
        System.out.println(done.symbolicName() + "/" + done.version() + " serves " + String.join(", ", done.channels())
                + done.replaced()
                        .map(old -> "; " + old + " is kept: the same command goes forward again")
                        .orElse(""));
        return null;
    }
}
