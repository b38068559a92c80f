package io.tocsin.channel.publish.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.channel.publish.internal.PublishSettings.Mastodon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry as a status of Mastodon's API ({@code POST /api/v1/statuses}, {@code PUT /api/v1/statuses/:id}).
 *
 * @param key its Idempotency-Key: the same for the same words of the same entry, from whichever node
 */
record StatusPost(String key, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * @param page where more is to be read, if anywhere
     * @throws IllegalArgumentException if it is too long for the server and there is no page to read the rest on
     */
    static StatusPost of(Entry entry, Mastodon mastodon, Optional<String> page) {
        String text = text(entry, mastodon.limit(), page);
        return new StatusPost(
                UUID.nameUUIDFromBytes((entry.id() + '\n' + text).getBytes(StandardCharsets.UTF_8))
                        .toString(),
                json(entry, text, mastodon.visibility()));
    }

    private static String text(Entry entry, int limit, Optional<String> page) {
        Words words = Words.of(entry.language());
        String said = entry.title().isEmpty() || entry.text().startsWith(entry.title())
                ? words.marked(entry, entry.text())
                : words.marked(entry, entry.title()) + "\n\n" + entry.text();
        String link = page.map(url -> "\n\n" + url).orElse("");
        int room = limit - link.length();
        if (said.codePointCount(0, said.length()) <= room) {
            return said + link;
        }
        if (link.isEmpty() || room < limit / 2) {
            throw new IllegalArgumentException("text-too-long");
        }
        return Drafts.cut(said, room) + link;
    }

    private static byte[] json(Entry entry, String text, String visibility) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", text);
            json.writeStringField("visibility", visibility);
            String language = Locale.forLanguageTag(entry.language()).getLanguage();
            if (!language.isEmpty()) {
                json.writeStringField("language", language);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return out.toByteArray();
    }

    Map<String, String> headers(String token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + token);
        headers.put("Idempotency-Key", key);
        return headers;
    }

    /** The id of a status the server made, if it says so as we know it. */
    static Optional<String> id(byte[] answered) {
        try (JsonParser json = JSON.createParser(answered)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean ours = json.currentName().equals("id");
                JsonToken value = json.nextToken();
                if (ours && value.isScalarValue()) {
                    return Optional.of(json.getText()).filter(id -> id.matches("[A-Za-z0-9_-]{1,64}"));
                }
                json.skipChildren();
            }
            return Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "StatusPost[" + key + "]";
    }
}
