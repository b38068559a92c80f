package io.tocsin.shell.internal;

import io.tocsin.deployment.api.ChannelDeployment;
import io.tocsin.deployment.api.ChannelDeployment.Problem;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Version;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** {@code tocsin:channels}: every version of every channel on this node, then the bundles that do not come as far as that. */
@Service
@Command(
        scope = "tocsin",
        name = "channels",
        description = "Lists the channels on this node, and what keeps others out")
public final class ChannelsCommand implements Action {
    @Reference
    private InstalledChannels installed;

    @Reference(optional = true)
    private ChannelDeployment deployment;

    @Override
    public Object execute() {
        ShellTable table = new ShellTable().emptyTableText("no channel is installed: nothing can be sent");
        for (String column :
                new String[] {"channel", "version", "standing", "up", "in flight", "carries", "bundle", "detail"}) {
            table.column(column);
        }
        for (Version version : installed.versions()) {
            table.addRow()
                    .addContent(
                            version.installed().type(),
                            version.installed().version(),
                            version.standing().name().toLowerCase().replace('_', ' '),
                            version.up() + "/" + version.accounts(),
                            version.inFlight(),
                            String.join(", ", version.installed().media()),
                            version.bundleId(),
                            version.detail());
        }
        table.print(System.out);
        List<Problem> problems = deployment == null ? List.of() : deployment.problems();
        for (Problem problem : problems) {
            System.out.println();
            System.out.println(problem.symbolicName() + "/" + problem.version() + ", bundle " + problem.bundleId()
                    + ", does not serve: " + problem.reason());
            System.out.println("  " + problem.cure());
        }
        return null;
    }
}
