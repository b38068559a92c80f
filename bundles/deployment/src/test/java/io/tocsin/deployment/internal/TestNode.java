package io.tocsin.deployment.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** A framework with components, on folders laid out as a node's; what this room needs of others comes from the class path. */
final class TestNode implements AutoCloseable {
    private static final String EXPORTED = "io.tocsin.channel.api;version=1.2,io.tocsin.routing.api;version=1.4,"
            + "org.osgi.service.component;version=1.5,org.osgi.service.component.runtime;version=1.5,"
            + "org.osgi.service.component.runtime.dto;version=1.5,org.osgi.util.promise;version=1.3,"
            + "org.osgi.util.function;version=1.2";

    private final Path base;
    private final Framework framework;
    private final List<String> unresolved = new CopyOnWriteArrayList<>();

    TestNode(Path base) throws BundleException, IOException {
        this.base = base;
        Files.createDirectories(base.resolve("data"));
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        base.resolve("data/cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        EXPORTED,
                        "karaf.base",
                        base.toString(),
                        "karaf.home",
                        base.resolve("home").toString(),
                        "karaf.data",
                        base.resolve("data").toString()));
        framework.start();
        context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.UNRESOLVED) {
                unresolved.add(LoneRefresh.name(event.getBundle()));
            }
        });
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Path base() {
        return base;
    }

    /** Since last asked: those whose classes went. */
    List<String> refreshed() {
        List<String> now = List.copyOf(unresolved);
        unresolved.clear();
        return now;
    }

    /** Components, from the bundle that a node has. */
    ServiceComponentRuntime components() throws BundleException {
        String scr = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(path -> path.contains("org.apache.felix.scr"))
                .findFirst()
                .orElseThrow();
        context().installBundle("file:" + scr).start();
        return context().getService(context().getServiceReference(ServiceComponentRuntime.class));
    }

    Bundle install(Path file) throws BundleException, IOException {
        return install(file.toUri().toString(), file);
    }

    Bundle install(String location, Path file) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return context().installBundle(location, in);
        }
    }

    List<String> bundles(String symbolicName) {
        return Stream.of(context().getBundles())
                .filter(each -> symbolicName.equals(each.getSymbolicName()))
                .map(each -> each.getVersion() + (each.getState() == Bundle.ACTIVE ? " active" : " idle"))
                .sorted()
                .toList();
    }

    static DeploymentSettings settings(String mode, String trusted) {
        return new DeploymentSettings() {
            @Override
            public String mode() {
                return mode;
            }

            @Override
            public String trusted() {
                return trusted;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return DeploymentSettings.class;
            }
        };
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(60_000);
    }
}
