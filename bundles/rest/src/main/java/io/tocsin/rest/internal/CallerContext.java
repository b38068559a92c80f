package io.tocsin.rest.internal;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.cxf.jaxrs.ext.ContextProvider;
import org.apache.cxf.message.Message;
import org.apache.cxf.transport.http.AbstractHTTPDestination;

/** Lets a resource method take {@code @Context Caller}. */
public final class CallerContext implements ContextProvider<Caller> {
    private final Origins origins;

    CallerContext(Origins origins) {
        this.origins = origins;
    }

    @Override
    public Caller createContext(Message message) {
        return Caller.of(
                (HttpServletRequest) message.getContextualProperty(AbstractHTTPDestination.HTTP_REQUEST), origins);
    }
}
