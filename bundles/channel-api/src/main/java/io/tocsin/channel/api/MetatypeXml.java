package io.tocsin.channel.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Reads {@code OSGI-INF/metatype/*.xml}. It comes with a guest's bundle: no document type, no entities, a bounded size. */
final class MetatypeXml {
    private static final int MOST_BYTES = 256 * 1024;

    private MetatypeXml() {}

    static SettingsDefinition read(InputStream xml) throws IOException {
        Element root = parse(xml.readNBytes(MOST_BYTES + 1));
        NodeList definitions = root.getElementsByTagNameNS("*", "OCD");
        if (definitions.getLength() != 1) {
            throw new IllegalArgumentException(
                    "it holds " + definitions.getLength() + " definitions (OCD) and must hold one");
        }
        Element definition = (Element) definitions.item(0);
        String id = definition.getAttribute("id");
        List<Setting> settings = new ArrayList<>();
        NodeList attributes = definition.getElementsByTagNameNS("*", "AD");
        for (int i = 0; i < attributes.getLength(); i++) {
            settings.add(setting((Element) attributes.item(i)));
        }
        String title = definition.getAttribute("name");
        return new SettingsDefinition(id, title.isEmpty() ? id : title, settings);
    }

    private static Setting setting(Element attribute) {
        String name = dashed(attribute.getAttribute("id"));
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a setting has no id");
        }
        if (!List.of("", "0").contains(attribute.getAttribute("cardinality"))) {
            throw new IllegalArgumentException("setting " + name + " is a list: a setting is one value");
        }
        boolean small = attribute.getAttribute("type").equals("Integer");
        Optional<String> least =
                value(attribute, "min").or(() -> small ? Optional.of("" + Integer.MIN_VALUE) : Optional.empty());
        Optional<String> most =
                value(attribute, "max").or(() -> small ? Optional.of("" + Integer.MAX_VALUE) : Optional.empty());
        boolean lasts = least.or(() -> most)
                .filter(bound -> Setting.number(bound).isEmpty())
                .isPresent();
        Setting setting = new Setting(
                name,
                type(name, attribute.getAttribute("type"), lasts),
                !attribute.getAttribute("required").equals("false"),
                value(attribute, "default"),
                least,
                most,
                options(attribute),
                attribute.getAttribute("description"));
        setting.otherwise().flatMap(setting::problem).ifPresent(problem -> {
            throw new IllegalArgumentException("setting " + name + ", its default " + problem);
        });
        return setting;
    }

    private static Setting.Type type(String name, String type, boolean lasts) {
        return switch (type) {
            case "String" -> lasts ? Setting.Type.DURATION : Setting.Type.TEXT;
            case "Password" -> Setting.Type.SECRET;
            case "Boolean" -> Setting.Type.BOOLEAN;
            case "Integer", "Long" -> Setting.Type.NUMBER;
            default ->
                throw new IllegalArgumentException("setting " + name + " has the unknown type " + type
                        + ": there are String, Password, Boolean, Integer and Long");
        };
    }

    private static List<String> options(Element attribute) {
        List<String> options = new ArrayList<>();
        NodeList written = attribute.getElementsByTagNameNS("*", "Option");
        for (int i = 0; i < written.getLength(); i++) {
            options.add(((Element) written.item(i)).getAttribute("value"));
        }
        return options;
    }

    private static Optional<String> value(Element attribute, String name) {
        return attribute.hasAttribute(name) ? Optional.of(attribute.getAttribute(name)) : Optional.empty();
    }

    /** {@code responseTimeout} is written {@code response-timeout}. */
    static String dashed(String id) {
        return id.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static Element parse(byte[] xml) throws IOException {
        if (xml.length > MOST_BYTES) {
            throw new IllegalArgumentException("it is larger than " + MOST_BYTES + " bytes");
        }
        try {
            // The JDK's own: whatever parser other bundles brought along stays out of this. Karaf lays classes of its
            // own
            // over the JDK's, and those do not know newDefaultNSInstance().
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Refusing());
            return builder.parse(new java.io.ByteArrayInputStream(xml)).getDocumentElement();
        } catch (SAXException e) {
            throw new IllegalArgumentException("it is no XML: " + e.getMessage(), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java reads no XML without document types", e);
        }
    }

    /** Says nothing on standard error, unlike the parser's own. */
    private static final class Refusing implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {
            // no reason to refuse
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
