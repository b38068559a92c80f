package io.tocsin.tenants.internal.files;

import io.tocsin.tenants.internal.Rules.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The fields of one YAML mapping, taken one by one; what nobody took is unknown and refused. Reading never throws: what
 * is wrong goes to the problems, and a stand-in value is returned so that all problems are found in one go.
 */
final class YamlMap {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,9}");

    private final String file;
    private final String path;
    private final MappingNode mapping;
    private final Problems problems;
    private final Map<String, NodeTuple> fields = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();

    YamlMap(String file, String path, MappingNode mapping, Problems problems) {
        this.file = file;
        this.path = path;
        this.mapping = mapping;
        this.problems = problems;
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                fields.putIfAbsent(key.getValue(), tuple);
            }
        }
    }

    Set<String> names() {
        return fields.keySet();
    }

    /** A text that must be there; the empty text when it is not. */
    String required(String field, Rule rule) {
        Optional<String> value = optional(field, rule);
        if (value.isEmpty() && !fields.containsKey(field)) {
            problems.add(file, YamlFile.line(mapping), at(field), "is missing; add it");
        }
        return value.orElse("");
    }

    Optional<String> optional(String field, Rule rule) {
        Optional<Node> node = take(field);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (!(node.get() instanceof ScalarNode scalar)) {
            problem(field, "must be one text");
            return Optional.empty();
        }
        rule.problem(scalar.getValue()).ifPresent(problem -> problem(field, problem));
        return Optional.of(scalar.getValue());
    }

    int integer(String field, int least, int most, int otherwise) {
        Optional<Integer> value = optionalInteger(field, least, most);
        return value.orElse(otherwise);
    }

    Optional<Integer> optionalInteger(String field, int least, int most) {
        Optional<String> text = optional(field, value -> Optional.empty());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String digits = text.get().replace("_", "");
        int value = INTEGER.matcher(digits).matches() ? Integer.parseInt(digits) : Integer.MIN_VALUE;
        if (value < least || value > most) {
            problem(field, "must be a whole number from " + least + " to " + most);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    boolean bool(String field, boolean otherwise) {
        Optional<String> text = optional(field, value -> Optional.empty());
        if (text.isPresent() && !Set.of("true", "false").contains(text.get())) {
            problem(field, "must be true or false");
        }
        return text.map("true"::equals).orElse(otherwise);
    }

    /** A list of texts; a single text is a list of one. Empty when the field is not there. */
    List<String> texts(String field, Rule rule) {
        Optional<Node> node = take(field);
        if (node.isEmpty()) {
            return List.of();
        }
        List<Node> items = node.get() instanceof SequenceNode sequence ? sequence.getValue() : List.of(node.get());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof ScalarNode scalar)) {
                problems.add(file, YamlFile.line(items.get(i)), at(field) + "[" + i + "]", "must be one text");
                continue;
            }
            String itemField = at(field) + "[" + i + "]";
            rule.problem(scalar.getValue())
                    .ifPresent(problem -> problems.add(file, YamlFile.line(scalar), itemField, problem));
            texts.add(scalar.getValue());
        }
        return List.copyOf(texts);
    }

    /** Texts by name, in the order written. */
    Map<String, String> textMap(String field, Rule rule) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(field).ifPresent(map -> map.names().forEach(name -> texts.put(name, map.required(name, rule))));
        return texts;
    }

    boolean isMap(String field) {
        return fields.containsKey(field) && fields.get(field).getValueNode() instanceof MappingNode;
    }

    Optional<YamlMap> map(String field) {
        Optional<Node> node = take(field);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get() instanceof MappingNode inner) {
            return Optional.of(new YamlMap(file, at(field), inner, problems));
        }
        problem(field, "must be fields: name: value");
        return Optional.empty();
    }

    List<YamlMap> maps(String field) {
        Optional<Node> node = take(field);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode sequence) {
            return YamlFile.maps(file, at(field), sequence, problems);
        }
        problem(field, "must be a list: each entry starts with a dash");
        return List.of();
    }

    /** Adds a problem on the line of a field, or of the mapping when the field is not there. */
    void problem(String field, String problem) {
        NodeTuple tuple = fields.get(field);
        int line = YamlFile.line(tuple == null ? mapping : tuple.getKeyNode());
        problems.add(file, line, at(field), problem);
    }

    void refuseUnknown() {
        fields.forEach((field, tuple) -> {
            if (!taken.contains(field)) {
                String known = taken.stream().sorted().collect(Collectors.joining(", "));
                problems.add(file, YamlFile.line(tuple.getKeyNode()), at(field), "is unknown here; known are " + known);
            }
        });
    }

    private Optional<Node> take(String field) {
        taken.add(field);
        return Optional.ofNullable(fields.get(field)).map(NodeTuple::getValueNode);
    }

    private String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
