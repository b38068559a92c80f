package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.routing.api.InstalledChannels;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/**
 * What a provider's service says of itself by its properties and its bundle's metatype; no code of the bundle runs. What cannot be
 * used is refused with the reason and the cure.
 */
final class ProviderReference {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private ProviderReference() {}

    /** @return empty if it names no type: such a service serves nothing */
    static Optional<InstalledChannels.Installed> said(ServiceReference<ChannelProvider> reference) {
        List<String> types = words(reference.getProperty("channel.type"));
        if (types.size() != 1) {
            return Optional.empty();
        }
        Bundle bundle = reference.getBundle();
        String version = bundle == null ? "" : bundle.getVersion().toString();
        List<String> media = words(reference.getProperty("channel.media"));
        List<String> definitions = words(reference.getProperty("channel.settings"));
        Optional<SettingsDefinition> settings = Optional.empty();
        Optional<String> refused = Optional.empty();
        if (!TYPE.matcher(types.get(0)).matches()) {
            refused = Optional.of("its type is no word: write 1 to 32 of a-z, 0-9 and dashes in @ChannelType");
        } else if (definitions.size() > 1) {
            refused = Optional.of(
                    "it names " + definitions.size() + " definitions of settings: name one in @ChannelType");
        } else if (!definitions.isEmpty() && bundle != null) {
            try {
                settings = Optional.of(definition(bundle, definitions.get(0)));
            } catch (IOException | IllegalArgumentException e) {
                refused = Optional.of("its settings " + definitions.get(0) + " cannot be used: " + e.getMessage());
            }
        }
        return Optional.of(new InstalledChannels.Installed(
                types.get(0),
                version,
                words(reference.getProperty("channel.endpoints")),
                media.isEmpty() ? List.of("text") : media,
                settings,
                refused,
                Boolean.TRUE.equals(reference.getProperty("channel.publishes"))));
    }

    private static SettingsDefinition definition(Bundle bundle, String id) throws IOException {
        String path = SettingsDefinition.path(id);
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            throw new IllegalArgumentException(path + " is not in the bundle: mark the interface with"
                    + " @ObjectClassDefinition and build with bnd");
        }
        try (InputStream xml = entry.openStream()) {
            return SettingsDefinition.read(xml);
        }
    }

    private static List<String> words(Object property) {
        return property instanceof String[] many
                ? Arrays.asList(many)
                : property instanceof String one && !one.isBlank() ? List.of(one) : List.of();
    }
}
