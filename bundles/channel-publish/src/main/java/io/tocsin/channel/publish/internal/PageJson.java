package io.tocsin.channel.publish.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How sites and entries are written down. What a later version adds is passed over. */
final class PageJson {
    private static final JsonFactory JSON = new JsonFactory();

    private PageJson() {}

    static byte[] bytes(List<Entry> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartArray();
            for (Entry entry : entries) {
                json.writeStartObject();
                json.writeStringField("id", entry.id());
                json.writeStringField("title", entry.title());
                json.writeStringField("text", entry.text());
                json.writeStringField("language", entry.language());
                json.writeStringField("category", entry.category());
                json.writeStringField("drill", Boolean.toString(entry.drill()));
                json.writeStringField("published", entry.published().toString());
                if (entry.corrected().isPresent()) {
                    json.writeStringField("corrected", entry.corrected().get().toString());
                }
                json.writeStringField("said", entry.said().toString());
                if (entry.remoteId().isPresent()) {
                    json.writeStringField("remoteId", entry.remoteId().get());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return out.toByteArray();
    }

    /** @throws IOException if that is not what we write */
    static List<Entry> entries(byte[] written) throws IOException {
        try (JsonParser json = JSON.createParser(written)) {
            expect(json.nextToken(), JsonToken.START_ARRAY);
            List<Entry> entries = new ArrayList<>();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                entries.add(entry(strings(json)));
            }
            expect(json.currentToken(), JsonToken.END_ARRAY);
            return entries;
        } catch (DateTimeException | NullPointerException e) {
            throw new IOException("an entry is not whole", e);
        }
    }

    private static Entry entry(Map<String, String> of) {
        return new Entry(
                of.get("id"),
                of.get("title"),
                of.get("text"),
                of.get("language"),
                of.get("category"),
                Boolean.parseBoolean(of.get("drill")),
                Instant.parse(of.get("published")),
                Optional.ofNullable(of.get("corrected")).map(Instant::parse),
                Instant.parse(of.get("said")),
                Optional.ofNullable(of.get("remoteId")));
    }

    static byte[] bytes(Site site) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartArray();
            json.writeStartObject();
            json.writeStringField("account", site.account());
            json.writeStringField("name", site.name());
            json.writeStringField("title", site.title());
            json.writeStringField("baseUrl", site.baseUrl());
            json.writeStringField("language", site.language());
            json.writeStringField("zone", site.zone().getId());
            json.writeStringField("html", Boolean.toString(site.html()));
            json.writeStringField("feeds", Boolean.toString(site.feeds()));
            json.writeStringField("currentFor", site.currentFor().toString());
            json.writeEndObject();
            json.writeStartObject();
            for (Map.Entry<String, String> page : site.pages().entrySet()) {
                json.writeStringField(page.getKey(), page.getValue());
            }
            json.writeEndObject();
            json.writeEndArray();
        }
        return out.toByteArray();
    }

    /** @throws IOException if that is not what we write */
    static Site site(byte[] written) throws IOException {
        try (JsonParser json = JSON.createParser(written)) {
            expect(json.nextToken(), JsonToken.START_ARRAY);
            expect(json.nextToken(), JsonToken.START_OBJECT);
            Map<String, String> of = strings(json);
            expect(json.nextToken(), JsonToken.START_OBJECT);
            return new Site(
                    of.get("account"),
                    of.get("name"),
                    of.get("title"),
                    of.get("baseUrl"),
                    of.get("language"),
                    ZoneId.of(of.get("zone")),
                    strings(json),
                    Boolean.parseBoolean(of.get("html")),
                    Boolean.parseBoolean(of.get("feeds")),
                    Duration.parse(of.get("currentFor")));
        } catch (DateTimeException | NullPointerException e) {
            throw new IOException("a site is not whole", e);
        }
    }

    /** The fields of an object that are text; the parser stands at its beginning, then at its end. */
    private static Map<String, String> strings(JsonParser json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                fields.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT);
        return fields;
    }

    private static void expect(JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("there is " + found + " where " + wanted + " belongs");
        }
    }
}
