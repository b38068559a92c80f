package io.tocsin.rest.internal;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

/** What every answer of the API tells a browser that gets hold of it: keep nothing, run nothing, guess nothing. */
public final class ApiHeaders implements ContainerResponseFilter {

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Headers.DATA.forEach((name, value) -> response.getHeaders().putSingle(name, value));
    }
}
