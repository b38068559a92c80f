package io.tocsin.tenants.internal.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One YAML file as its author wrote it: nodes with their lines, every scalar as its text (a language {@code no} stays
 * "no"). No object is ever constructed from a tag; size, depth and aliases of collections are limited.
 */
final class YamlFile {
    private static final int MOST_BYTES = 1_048_576;
    private static final int MOST_DEPTH = 20;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern STEP = Pattern.compile("[^.\\[\\]]+|\\[\\d{1,6}]");

    private final String name;
    private final Node root;
    private final Problems problems;

    private YamlFile(String name, Node root, Problems problems) {
        this.name = name;
        this.root = root;
        this.problems = problems;
    }

    /** @param name the file as problems name it; @return empty when it cannot be read at all: the problem is added */
    static Optional<YamlFile> read(Path file, String name, Problems problems) {
        try {
            long size = Files.size(file);
            if (size > MOST_BYTES) {
                problems.add(name, "has " + size + " bytes; a YAML file has 1 MiB at most");
                return Optional.empty();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            Node root = new Yaml(options()).compose(new StringReader(withoutMark(text)));
            if (root == null) {
                problems.add(name, "is empty; write its fields or remove the file");
                return Optional.empty();
            }
            return Optional.of(new YamlFile(name, root, problems));
        } catch (CharacterCodingException e) {
            problems.add(name, "is not UTF-8; save it as UTF-8");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            problems.add(name, line, "", "is not YAML: " + e.getProblem() + "; correct this line or the one before");
        } catch (YAMLException e) {
            problems.add(name, "is not YAML that can be taken: " + e.getMessage());
        } catch (IOException e) {
            problems.add(name, "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MOST_BYTES);
        options.setNestingDepthLimit(MOST_DEPTH);
        options.setMaxAliasesForCollections(0);
        return options;
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    Optional<YamlMap> map() {
        if (root instanceof MappingNode mapping) {
            return Optional.of(new YamlMap(name, "", mapping, problems));
        }
        problems.add(name, line(root), "", "must be fields, one a line: name: value");
        return Optional.empty();
    }

    /** The maps of a file that is a list of them. */
    List<YamlMap> maps() {
        if (root instanceof SequenceNode sequence) {
            return maps(name, "", sequence, problems);
        }
        problems.add(name, line(root), "", "must be a list: each entry starts with a dash");
        return List.of();
    }

    static List<YamlMap> maps(String name, String path, SequenceNode sequence, Problems problems) {
        List<YamlMap> maps = new ArrayList<>();
        int index = 0;
        for (Node item : sequence.getValue()) {
            String itemPath = path + "[" + index++ + "]";
            if (item instanceof MappingNode mapping) {
                maps.add(new YamlMap(name, itemPath, mapping, problems));
            } else {
                problems.add(name, line(item), itemPath, "must be fields: name: value");
            }
        }
        return maps;
    }

    /** The whole file as JSON: integers and booleans where the text is one unquoted, texts otherwise. */
    JsonNode json() {
        return json(root);
    }

    private static JsonNode json(Node node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (node instanceof MappingNode mapping) {
            var object = make.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                object.set(key, json(tuple.getValueNode()));
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            var array = make.arrayNode();
            sequence.getValue().forEach(item -> array.add(json(item)));
            return array;
        }
        ScalarNode scalar = (ScalarNode) node;
        String text = scalar.getValue();
        if (!scalar.isPlain()) {
            return make.textNode(text);
        }
        if (INTEGER.matcher(text).matches()) {
            return make.numberNode(new BigDecimal(text).intValueExact());
        }
        return switch (text) {
            case "true" -> make.booleanNode(true);
            case "false" -> make.booleanNode(false);
            case "", "~", "null" -> make.nullNode();
            default -> make.textNode(text);
        };
    }

    /** Adds the same key written twice, anywhere in the file: the second would silently win. */
    void refuseDuplicates() {
        refuseDuplicates(root, "");
    }

    private void refuseDuplicates(Node node, String path) {
        if (node instanceof MappingNode mapping) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    problems.add(name, line(tuple.getKeyNode()), path, "a field's name must be plain text");
                    continue;
                }
                String field = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                if (!keys.add(key.getValue())) {
                    problems.add(name, line(key), field, "is written twice; keep one");
                }
                refuseDuplicates(tuple.getValueNode(), field);
            }
        } else if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                refuseDuplicates(item, path + "[" + index++ + "]");
            }
        }
    }

    /** Adds a problem at a path such as {@code cascade[0].patience}, on the line of its deepest part that is there. */
    void problem(String path, String problem) {
        Node at = root;
        var steps = STEP.matcher(path);
        while (at != null && steps.find()) {
            Node next = child(at, steps.group());
            if (next == null) {
                break;
            }
            at = next;
        }
        problems.add(name, line(at), path, problem);
    }

    private static Node child(Node node, String step) {
        if (step.startsWith("[")) {
            int index = Integer.parseInt(step.substring(1, step.length() - 1));
            return node instanceof SequenceNode sequence
                            && index < sequence.getValue().size()
                    ? sequence.getValue().get(index)
                    : null;
        }
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(step)) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    static int line(Node node) {
        return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
    }
}
