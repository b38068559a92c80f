package io.tocsin.channel.api;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** An account's settings as the interface that defines them; every value is read when it is made, and none is shown. */
final class TypedSettings implements InvocationHandler {
    private final Class<?> definition;
    private final Map<String, Object> values = new HashMap<>();

    private TypedSettings(Class<?> definition) {
        this.definition = definition;
    }

    static <T> T of(Class<T> definition, Map<String, String> written) throws ChannelSettingsException {
        SettingsDefinition defined = SettingsDefinition.of(definition);
        defined.check(written);
        TypedSettings typed = new TypedSettings(definition);
        for (Method method : definition.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers())) {
                Setting setting = defined.setting(MetatypeXml.dashed(method.getName()))
                        .orElseThrow(() ->
                                new IllegalStateException(SettingsDefinition.path(definition.getName()) + " lacks "
                                        + method.getName() + ": mark it with @AttributeDefinition and build again"));
                Optional<String> text = setting.written(written).or(setting::otherwise);
                typed.values.put(method.getName(), value(setting, text, method.getGenericReturnType()));
            }
        }
        return definition.cast(Proxy.newProxyInstance(definition.getClassLoader(), new Class<?>[] {definition}, typed));
    }

    private static Object value(Setting setting, Optional<String> text, Type type) {
        if (type instanceof ParameterizedType optional && optional.getRawType() == Optional.class) {
            return text.map(value -> value(setting, value, optional.getActualTypeArguments()[0]));
        }
        if (type == OptionalInt.class) {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.get()));
        }
        if (type == OptionalLong.class) {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
        }
        return value(
                setting,
                text.orElseThrow(() -> defect(setting, "may be left out: return an Optional, or give a default")),
                type);
    }

    private static Object value(Setting setting, String text, Type type) {
        if (type == String.class) {
            return text;
        }
        if (type == boolean.class || type == Boolean.class) {
            return Boolean.valueOf(text);
        }
        if (type == int.class || type == Integer.class) {
            return Setting.number(text)
                    .map(Math::toIntExact)
                    .orElseThrow(() -> defect(setting, "is no number: define it as INTEGER"));
        }
        if (type == long.class || type == Long.class) {
            return Setting.number(text).orElseThrow(() -> defect(setting, "is no number: define it as LONG"));
        }
        if (type == Duration.class) {
            return Setting.duration(text)
                    .orElseThrow(() -> defect(setting, "is no duration: give it min and max such as 100ms and 10m"));
        }
        throw defect(
                setting,
                "cannot be a " + type.getTypeName()
                        + ": there are String, boolean, int, long, Duration and Optional of them");
    }

    private static IllegalStateException defect(Setting setting, String problem) {
        return new IllegalStateException("the definition of setting " + setting.name() + " is wrong: it " + problem);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> definition.getSimpleName() + "[]";
            };
        }
        return values.get(method.getName());
    }
}
