package io.tocsin.portal.internal;

import io.tocsin.portal.internal.StoredFile.Coding;
import io.tocsin.portal.internal.StoredFile.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** The files the portal is made of, held by name: whatever a request says, nothing else can be served. */
final class PortalFiles {
    static final String INDEX = "index.html";
    private static final String FOLDER = "web";

    private final Map<String, StoredFile> files;

    /** @param contents every file by its name, without a leading slash; compressed twins beside their originals */
    PortalFiles(Map<String, byte[]> contents) {
        Map<String, StoredFile> found = new HashMap<>();
        contents.forEach((name, bytes) -> StoredFile.contentType(name)
                .ifPresent(type -> found.put(name, new StoredFile(type, twins(name, contents)))));
        this.files = Map.copyOf(found);
        if (!files.containsKey(INDEX)) {
            throw new IllegalStateException("this bundle holds no " + INDEX + ": it was packed without its screens");
        }
    }

    /** Reads what is packed in a bundle, once: a few megabytes, half of them the map's. */
    static PortalFiles of(Bundle bundle) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        Enumeration<URL> entries =
                Optional.ofNullable(bundle.findEntries(FOLDER, "*", true)).orElseGet(Collections::emptyEnumeration);
        while (entries.hasMoreElements()) {
            URL entry = entries.nextElement();
            if (!entry.getPath().endsWith("/")) {
                try (InputStream in = entry.openStream()) {
                    contents.put(entry.getPath().substring(FOLDER.length() + 2), in.readAllBytes());
                }
            }
        }
        return new PortalFiles(contents);
    }

    private static Map<Coding, Variant> twins(String name, Map<String, byte[]> contents) {
        Map<Coding, Variant> twins = new EnumMap<>(Coding.class);
        for (Coding coding : Coding.values()) {
            byte[] bytes = contents.get(name + coding.suffix);
            if (bytes != null) {
                twins.put(coding, Variant.of(coding, bytes));
            }
        }
        return Collections.unmodifiableMap(twins);
    }

    Optional<StoredFile> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    StoredFile index() {
        return files.get(INDEX);
    }
}
