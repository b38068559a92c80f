package io.tocsin.shell.internal;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code tocsin:channel-remove}: takes all versions of a channel off this node. Fails with reason and cure. */
@Service
@Command(
        scope = "tocsin",
        name = "channel-remove",
        description = "Removes a channel; what its accounts have to send waits")
public final class ChannelRemoveCommand extends DeploymentCommand {
    @Option(name = "--force", description = "Although accounts are open on it")
    private boolean force;

    @Argument(
            index = 0,
            name = "type",
            required = true,
            description = "The channel's type, or its bundle's symbolic name")
    @Completion(ChannelCompleter.class)
    private String channel;

    @Override
    public Object execute() {
        deployment().remove(channel, force, System.out::println);
        return null;
    }
}
