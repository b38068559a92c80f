package io.tocsin.lab.phone.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One connection to the manager interface. */
final class AmiSession extends SimpleChannelInboundHandler<String> {
    private static final int LONGEST_LINE = 1_024;
    private static final int MOST_FIELDS = 128;
    private static final String CHALLENGE = "4711274942";

    private final PlantCore plant;
    private final AmiDoor door;
    private final Map<String, String> action = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<String> filters = new ArrayList<>();
    private ChannelHandlerContext context;
    private boolean in;
    private String mask = "on";

    private AmiSession(PlantCore plant, AmiDoor door) {
        this.plant = plant;
        this.door = door;
    }

    static void install(Channel channel, PlantCore plant, AmiDoor door) {
        channel.pipeline()
                .addLast(new LineBasedFrameDecoder(LONGEST_LINE))
                .addLast(new StringDecoder(StandardCharsets.UTF_8))
                .addLast(new StringEncoder(StandardCharsets.UTF_8))
                .addLast(new AmiSession(plant, door));
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        context.writeAndFlush("Asterisk Call Manager/11.0.0\r\n");
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        door.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        failed.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, String line) {
        if (!line.isEmpty()) {
            field(line);
        } else if (!action.isEmpty()) {
            Map<String, String> whole = new LinkedHashMap<>(action);
            Map<String, String> given = new LinkedHashMap<>(variables);
            action.clear();
            variables.clear();
            if (!plant.options().mute()) {
                act(whole, given);
            }
        }
    }

    private void field(String line) {
        int colon = line.indexOf(':');
        if (colon < 1 || action.size() + variables.size() >= MOST_FIELDS) {
            return;
        }
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String value = line.substring(colon + 1).strip();
        int equals = value.indexOf('=');
        if (name.equals("variable") && equals > 0) {
            variables.put(value.substring(0, equals), value.substring(equals + 1));
        } else {
            action.put(name, value);
        }
    }

    private void act(Map<String, String> asked, Map<String, String> given) {
        String what = asked.getOrDefault("action", "").toLowerCase(Locale.ROOT);
        if (what.equals("challenge")) {
            answer(asked, AmiDoor.success("Challenge", CHALLENGE));
        } else if (what.equals("login")) {
            login(asked);
        } else if (what.equals("logoff")) {
            Map<String, String> goodbye = new LinkedHashMap<>();
            goodbye.put("Response", "Goodbye");
            goodbye.put("Message", "Thanks for all the fish.");
            answer(asked, goodbye);
            context.close();
        } else if (!in) {
            answer(asked, AmiDoor.error("Permission denied"));
        } else {
            Map<String, String> answer = door.answer(this, asked, given);
            if (answer != null) {
                answer(asked, answer);
            }
        }
    }

    private void login(Map<String, String> asked) {
        String password = plant.options().password();
        boolean user = asked.getOrDefault("username", "").equals(plant.options().user());
        boolean known = asked.containsKey("key")
                ? asked.get("key").equals(md5(CHALLENGE + password))
                : asked.getOrDefault("secret", "").equals(password);
        if (!user || !known) {
            write(asked, AmiDoor.error("Authentication failed")).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        in = true;
        mask = asked.getOrDefault("events", "on");
        answer(asked, AmiDoor.success("Message", "Authentication accepted"));
        door.loggedIn(this);
        context.writeAndFlush("Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n");
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    void mask(String wanted) {
        mask = wanted;
    }

    /** @param beginning of the ids of channels that are told of; several add up */
    void filter(String beginning) {
        filters.add(beginning);
    }

    void event(String id, Map<String, String> fields) {
        boolean wanted = filters.isEmpty() || filters.stream().anyMatch(id::startsWith);
        String kind = fields.getOrDefault("Privilege", "call,all").split(",", 2)[0];
        boolean masked = mask.equals("off") || !mask.equals("on") && !mask.equals("all") && !mask.contains(kind);
        if (wanted && !masked) {
            context.writeAndFlush(text(fields));
        }
    }

    void list(Map<String, String> asked, Collection<FaxCall> faxes) {
        Map<String, String> begin = AmiDoor.success("EventList", "start", "Message", "List will follow");
        answer(asked, begin);
        String name = asked.getOrDefault("action", "");
        for (FaxCall fax : faxes) {
            Map<String, String> one = new LinkedHashMap<>();
            one.put("Event", name.equalsIgnoreCase("CoreShowChannels") ? "CoreShowChannel" : name);
            one.put("Channel", fax.name());
            one.put("Uniqueid", fax.id());
            write(asked, one);
        }
        Map<String, String> end = new LinkedHashMap<>();
        end.put("Event", name + "Complete");
        end.put("EventList", "Complete");
        end.put("ListItems", String.valueOf(faxes.size()));
        write(asked, end);
    }

    private void answer(Map<String, String> asked, Map<String, String> fields) {
        write(asked, fields);
    }

    private ChannelFuture write(Map<String, String> asked, Map<String, String> fields) {
        Map<String, String> whole = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            whole.put(name, value);
            if (whole.size() == 1 && asked.containsKey("actionid")) {
                whole.put("ActionID", asked.get("actionid"));
            }
        });
        return context.writeAndFlush(text(whole));
    }

    private static String text(Map<String, String> fields) {
        StringBuilder text = new StringBuilder(256);
        fields.forEach((name, value) -> text.append(name)
                .append(": ")
                .append(value.replaceAll("[\\r\\n]", " "))
                .append("\r\n"));
        return text.append("\r\n").toString();
    }
}
