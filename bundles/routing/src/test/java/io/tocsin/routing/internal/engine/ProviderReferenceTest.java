package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.routing.api.InstalledChannels.Installed;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** What is known of a channel before any of its code runs, and what is refused of it. */
class ProviderReferenceTest {
    private static final String XML =
            "<MetaData><OCD id='FaxAccount' name='fax account'><AD id='host' type='String'/></OCD></MetaData>";

    @TempDir
    Path bundle;

    @Test
    void whatItSaysIsReadFromItsPropertiesAndItsBundle() throws IOException {
        metatype(XML);
        Installed said = said(Map.of(
                        "channel.type",
                        "fax",
                        "channel.endpoints",
                        new String[] {"fax", "landline"},
                        "channel.media",
                        new String[] {"text", "document"},
                        "channel.settings",
                        new String[] {"FaxAccount"}))
                .orElseThrow();
        assertThat(said.type()).isEqualTo("fax");
        assertThat(said.version()).isEqualTo("1.2.3");
        assertThat(said.endpoints()).containsExactly("fax", "landline");
        assertThat(said.media()).containsExactly("text", "document");
        assertThat(said.settings()).map(s -> s.title()).contains("fax account");
        assertThat(said.refused()).isEmpty();
    }

    @Test
    void oneThatSaysLittleCarriesTextAndChecksItsSettingsAlone() {
        Installed said =
                said(Map.of("channel.type", "fax", "channel.endpoints", "fax")).orElseThrow();
        assertThat(said.endpoints()).containsExactly("fax");
        assertThat(said.media()).containsExactly("text");
        assertThat(said.settings()).isEmpty();
        assertThat(said.refused()).isEmpty();
        assertThat(said.publishes()).isFalse();
    }

    @Test
    void oneMaySayThatItPublishes() {
        Installed said =
                said(Map.of("channel.type", "wall", "channel.publishes", true)).orElseThrow();
        assertThat(said.publishes()).isTrue();
    }

    @Test
    void whatCannotBeUsedIsRefusedWithTheCure() throws IOException {
        assertThat(refused(Map.of("channel.type", "fax", "channel.settings", "FaxAccount")))
                .contains("OSGI-INF/metatype/FaxAccount.xml is not in the bundle", "@ObjectClassDefinition");
        metatype("<MetaData><OCD id='FaxAccount'><AD id='speed' type='Double'/></OCD></MetaData>");
        assertThat(refused(Map.of("channel.type", "fax", "channel.settings", "FaxAccount")))
                .contains("speed", "Double", "there are String");
        metatype("not even XML");
        assertThat(refused(Map.of("channel.type", "fax", "channel.settings", "FaxAccount")))
                .contains("no XML");
        assertThat(refused(Map.of("channel.type", "fax", "channel.settings", new String[] {"One", "Two"})))
                .contains("name one");
        assertThat(refused(Map.of("channel.type", "FAX machine"))).contains("@ChannelType");
    }

    @Test
    void oneWithoutATypeServesNothing() {
        assertThat(said(Map.of())).isEmpty();
        assertThat(said(Map.of("channel.type", List.of("fax")))).isEmpty();
        assertThat(said(Map.of("channel.type", " "))).isEmpty();
    }

    private String refused(Map<String, Object> properties) {
        return said(properties).orElseThrow().refused().orElseThrow();
    }

    private void metatype(String xml) throws IOException {
        Path folder = Files.createDirectories(bundle.resolve("OSGI-INF/metatype"));
        Files.writeString(folder.resolve("FaxAccount.xml"), xml);
    }

    @SuppressWarnings("unchecked")
    private Optional<Installed> said(Map<String, Object> properties) {
        Bundle installed = (Bundle) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getVersion" -> new Version(1, 2, 3);
                    case "getEntry" -> {
                        Path entry = bundle.resolve((String) arguments[0]);
                        yield Files.exists(entry) ? entry.toUri().toURL() : null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return ProviderReference.said((ServiceReference<ChannelProvider>) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> properties.get((String) arguments[0]);
                    case "getBundle" -> installed;
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }
}
