package io.tocsin.portal.internal;

import io.tocsin.portal.testing.Vitest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The tests beside the screens' sources: each {@code *.test.ts} and {@code *.test.tsx} under {@code web/src}. */
class ScreensTest {
    @TestFactory
    List<DynamicNode> screens() throws Exception {
        return new Vitest(Path.of("web")).run("screens", Path.of("target/vitest"), Map.of());
    }
}
