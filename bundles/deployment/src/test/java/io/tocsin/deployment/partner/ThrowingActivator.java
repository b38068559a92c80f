package io.tocsin.deployment.partner;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

public final class ThrowingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("the pager's licence is missing");
    }

    @Override
    public void stop(BundleContext context) {}
}
