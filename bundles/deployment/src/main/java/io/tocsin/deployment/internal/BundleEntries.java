package io.tocsin.deployment.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Enumeration;
import java.util.List;
import org.osgi.framework.Bundle;

/** What a bundle holds, as the framework will read it. Does not resolve the bundle. */
final class BundleEntries {
    private BundleEntries() {}

    /** The paths of all files in it, embedded jars among them. */
    static List<String> of(Bundle bundle) {
        List<String> files = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>(List.of("/"));
        while (!folders.isEmpty()) {
            Enumeration<String> paths = bundle.getEntryPaths(folders.pop());
            while (paths != null && paths.hasMoreElements()) {
                String path = paths.nextElement();
                if (path.endsWith("/")) {
                    folders.push(path);
                } else {
                    files.add(path);
                }
            }
        }
        return files;
    }

    static InputStream open(Bundle bundle, String path) throws IOException {
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            throw new FileNotFoundException(path);
        }
        return entry.openStream();
    }
}
