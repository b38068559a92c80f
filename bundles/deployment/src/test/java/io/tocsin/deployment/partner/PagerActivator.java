package io.tocsin.deployment.partner;

import io.tocsin.channel.api.ChannelProvider;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Provides the types that its bundle's header {@code Types} names, without components. */
public final class PagerActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        String types = context.getBundle().getHeaders("").get("Types");
        for (String type : (types == null ? "pager" : types).split(" ")) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put("channel.type", type);
            context.registerService(ChannelProvider.class, new PagerProvider(), properties);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
