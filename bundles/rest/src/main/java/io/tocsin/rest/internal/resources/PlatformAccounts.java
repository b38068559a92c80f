package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.rest.internal.Allow;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** Every enabled account of every agency and tenant, as the node that answers sees it; without settings. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/operators/accounts")
public final class PlatformAccounts {
    private final DispatchStatus dispatch;

    public PlatformAccounts(DispatchStatus dispatch) {
        this.dispatch = dispatch;
    }

    /** @param traffic on this node since the account was first opened; empty if it never was */
    public record AccountHealth(AccountStatus status, Optional<AccountTraffic> traffic) {}

    @GET
    @Allow(OPERATOR)
    public Page<AccountHealth> list() {
        List<AccountTraffic> traffic = dispatch.traffic();
        return Page.whole(dispatch.accounts().stream()
                .map(status -> new AccountHealth(
                        status,
                        traffic.stream()
                                .filter(each -> each.accountId() == status.accountId())
                                .findFirst()))
                .toList());
    }
}
