package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.rest.internal.Allow;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.NodeStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The nodes of the platform, living or not. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/operators/nodes")
public final class PlatformNodes {
    private final DispatchStatus dispatch;

    public PlatformNodes(DispatchStatus dispatch) {
        this.dispatch = dispatch;
    }

    /** @param answering whether it is the one that answers here */
    public record NodeView(NodeStatus node, boolean answering) {}

    @GET
    @Allow(OPERATOR)
    public Page<NodeView> list() {
        return Page.whole(dispatch.nodes().stream()
                .map(node -> new NodeView(node, node.name().equals(dispatch.node())))
                .toList());
    }
}
