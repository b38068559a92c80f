package io.tocsin.channel.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which settings the accounts of a channel have: an OSGi metatype definition (Metatype Service Specification, chapter 105), read
 * from the XML that bnd makes of an interface marked {@code @ObjectClassDefinition}. The channel names that interface in
 * {@link ChannelType#settings}; the core reads it from the bundle, without running anything of the channel's, and checks every
 * account against it before a channel is opened, and when an account is saved.
 *
 * <p>One method a setting; {@code responseTimeout()} is the setting {@code response-timeout}. Of {@code @AttributeDefinition}:
 *
 * <ul>
 *   <li>{@code type}: text, {@code PASSWORD} (a secret: typed and kept sealed, or given as {@code secret:NAME}; never shown, logged or written back),
 *       {@code BOOLEAN}, {@code INTEGER} or {@code LONG}; by itself from the method's type
 *   <li>{@code min} and {@code max}: of a number its value, of text its length; when both are durations ({@code "100ms"},
 *       {@code "10m"}), the setting is a duration
 *   <li>{@code options}: the only values there are
 *   <li>{@code defaultValue}; {@code required = false} for what may be left out without having one
 *   <li>{@code description}: what to write, such as "the carrier's host name": completes "is missing: write …"
 * </ul>
 *
 * <p>Immutable. What a single setting cannot say (two that exclude each other, a file that must be there) the channel checks
 * when it opens.
 */
public final class SettingsDefinition {
    private final String id;
    private final String title;
    private final Map<String, Setting> settings;

    SettingsDefinition(String id, String title, List<Setting> settings) {
        this.id = id;
        this.title = title;
        this.settings = settings.stream()
                .collect(Collectors.toMap(
                        Setting::name,
                        setting -> setting,
                        (one, two) -> {
                            throw new IllegalArgumentException("setting " + one.name() + " is defined twice");
                        },
                        LinkedHashMap::new));
    }

    /**
     * The definition made of an interface of the channel's own bundle.
     *
     * @throws IllegalStateException if the bundle has none: a defect of the bundle, not of an account
     */
    public static SettingsDefinition of(Class<?> marked) {
        String resource = path(marked.getName());
        try (InputStream xml = marked.getResourceAsStream("/" + resource)) {
            if (xml == null) {
                throw new IllegalStateException(resource + " is not there: mark " + marked.getSimpleName()
                        + " with @ObjectClassDefinition and build with bnd (bnd-maven-plugin, goal bnd-process)");
            }
            return read(xml);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(resource + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Where a bundle holds the definition of that id, from its root. */
    public static String path(String id) {
        return "OSGI-INF/metatype/" + id + ".xml";
    }

    /**
     * Reads a definition; the stream is left open.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException naming what is no definition, or says what settings here cannot be
     */
    public static SettingsDefinition read(InputStream xml) throws IOException {
        return MetatypeXml.read(xml);
    }

    /** The name of the interface it was made of. */
    public String id() {
        return id;
    }

    /** What an account of this channel is called, such as {@code SMS account}. */
    public String title() {
        return title;
    }

    /** In the order they are defined. */
    public List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    public Optional<Setting> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /** What is wrong with an account's settings: each name with what to write instead, never with a secret. */
    public Map<String, String> problems(Map<String, String> written) {
        return problems(written, Set.of());
    }

    /**
     * The same before every value is known.
     *
     * @param withheld settings of whose values nothing can be said yet, such as references to secrets: they are there, and not
     *     checked
     */
    public Map<String, String> problems(Map<String, String> written, Set<String> withheld) {
        Map<String, String> problems = new LinkedHashMap<>();
        for (String name : new TreeSet<>(written.keySet())) {
            if (!settings.containsKey(name)) {
                problems.put(name, "is no setting of " + title + "; there are " + names());
            }
        }
        for (Setting setting : settings.values()) {
            Optional<String> value = setting.written(written);
            if (value.isEmpty()) {
                if (setting.required() && setting.otherwise().isEmpty()) {
                    problems.put(setting.name(), "is missing: write " + setting.wanted());
                }
            } else if (!withheld.contains(setting.name())) {
                setting.problem(value.get()).ifPresent(problem -> problems.put(setting.name(), problem));
            }
        }
        return problems;
    }

    /** @throws ChannelSettingsException naming the first setting that is unknown, missing or wrong */
    public void check(Map<String, String> written) throws ChannelSettingsException {
        Optional<Map.Entry<String, String>> first =
                problems(written).entrySet().stream().findFirst();
        if (first.isPresent()) {
            throw new ChannelSettingsException(first.get().getKey(), first.get().getValue());
        }
    }

    private String names() {
        return String.join(", ", new TreeMap<>(settings).keySet());
    }

    @Override
    public String toString() {
        return "SettingsDefinition[" + id + "]";
    }
}
