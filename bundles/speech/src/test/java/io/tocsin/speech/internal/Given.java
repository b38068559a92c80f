package io.tocsin.speech.internal;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Settings and programs to try with. */
final class Given {

    private Given() {}

    /** The defaults of a settings type, but for some. */
    static <A> A settings(Class<A> type, Map<String, Object> different) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> different.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    static EspeakEngine.Settings espeak(String program) {
        return settings(EspeakEngine.Settings.class, Map.of("program", program));
    }

    /** A shell script in place of a program. */
    static String program(Path folder, String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }
}
