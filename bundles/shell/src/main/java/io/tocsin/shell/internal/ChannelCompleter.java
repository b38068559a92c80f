package io.tocsin.shell.internal;

import io.tocsin.routing.api.InstalledChannels;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** The types of the channels on this node. */
@Service
public final class ChannelCompleter implements Completer {
    @Reference
    private InstalledChannels installed;

    @Override
    public int complete(Session session, CommandLine commandLine, List<String> candidates) {
        return new StringsCompleter(installed.all().stream()
                        .map(each -> each.type())
                        .distinct()
                        .toList())
                .complete(session, commandLine, candidates);
    }
}
