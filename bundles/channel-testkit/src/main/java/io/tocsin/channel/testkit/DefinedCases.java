package io.tocsin.channel.testkit;

import io.tocsin.channel.api.Setting;
import io.tocsin.channel.api.SettingsDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a definition of settings says must be refused. */
final class DefinedCases {
    private DefinedCases() {}

    static Stream<BadSetting> of(SettingsDefinition definition) {
        return Stream.concat(
                Stream.of(BadSetting.of("no-such-setting", "1")),
                definition.settings().stream().flatMap(setting -> of(setting).stream()));
    }

    private static List<BadSetting> of(Setting setting) {
        List<BadSetting> bad = new ArrayList<>();
        String name = setting.name();
        if (setting.required() && setting.otherwise().isEmpty()) {
            bad.add(BadSetting.absent(name));
        }
        if (!setting.options().isEmpty()) {
            bad.add(BadSetting.of(name, "no-such-option"));
            return bad;
        }
        switch (setting.type()) {
            case BOOLEAN -> bad.add(BadSetting.of(name, "perhaps"));
            case DURATION -> bad.add(BadSetting.of(name, "soon"));
            case NUMBER -> {
                bad.add(BadSetting.of(name, "many"));
                setting.least()
                        .ifPresent(least -> bad.add(BadSetting.of(name, Long.toString(Long.parseLong(least) - 1))));
                setting.most().ifPresent(most -> bad.add(BadSetting.of(name, Long.toString(Long.parseLong(most) + 1))));
            }
            case TEXT, SECRET ->
                setting.most().ifPresent(most -> bad.add(BadSetting.of(name, "x".repeat(Integer.parseInt(most) + 1))));
        }
        return bad;
    }
}
