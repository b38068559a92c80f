package io.tocsin.shell.internal;

import io.tocsin.deployment.api.ChannelDeployment;
import io.tocsin.deployment.api.DeploymentException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;

/** What the commands have in common that bring channels and take them away. */
abstract class DeploymentCommand implements Action {

    /** Optional: the console hides all of a bundle's commands while a service of one of them is missing. */
    @Reference(optional = true)
    private ChannelDeployment deployment;

    ChannelDeployment deployment() {
        if (deployment == null) {
            throw new DeploymentException(
                    "deployment is not running",
                    "wait until the node is ready; /health/ready and scr:list say what is missing");
        }
        return deployment;
    }
}
