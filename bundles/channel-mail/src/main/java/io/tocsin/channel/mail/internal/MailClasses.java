package io.tocsin.channel.mail.internal;

import jakarta.mail.util.StreamProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.eclipse.angus.mail.util.MailStreamProvider;

/**
 * The class loader our threads show to Camel and the mail API, which look for their parts there; under OSGi the thread's
 * usual one sees neither.
 *
 * <p>The mail API looks for its stream provider anew for every header it encodes and every part it reads, opening jars each
 * time: half of the cost of a mail. The answer never changes, so it is given from memory.
 */
final class MailClasses extends ClassLoader {
    private static final String SERVICE = "META-INF/services/" + StreamProvider.class.getName();

    private final List<URL> provider;

    private MailClasses(ClassLoader parent, URL provider) {
        super(parent);
        this.provider = List.of(provider);
    }

    static MailClasses create() {
        byte[] name = MailStreamProvider.class.getName().getBytes(StandardCharsets.UTF_8);
        try {
            var url = new URL(null, "memory:" + SERVICE, new Memory(name));
            return new MailClasses(DefaultCamelContext.class.getClassLoader(), url);
        } catch (IOException impossible) {
            throw new IllegalStateException("an address with a handler of its own is always well formed", impossible);
        }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(SERVICE) ? Collections.enumeration(provider) : super.getResources(name);
    }

    /** Runs a step with these classes as the thread's. */
    void during(Runnable step) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            step.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static final class Memory extends URLStreamHandler {
        private final byte[] content;

        Memory(byte[] content) {
            this.content = content;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
                @Override
                public void connect() {
                    // nothing to connect to
                }

                @Override
                public InputStream getInputStream() {
                    return new ByteArrayInputStream(content);
                }
            };
        }
    }
}
