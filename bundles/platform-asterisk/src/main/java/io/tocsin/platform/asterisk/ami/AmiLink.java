package io.tocsin.platform.asterisk.ami;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.IdleStateEvent;
import io.tocsin.platform.asterisk.internal.WireText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * One connection to a switch's manager interface, from its greeting to its end: logs in, writes actions and gives each its answer,
 * passes events on, notices when nobody is there any more. On its event loop only.
 */
final class AmiLink extends SimpleChannelInboundHandler<AmiMessage> {
    private static final String GREETING = "Asterisk Call Manager/";
    private static final String PING = "tocsin-ping";

    /** Whose connection it is. */
    interface Owner {
        void up(AmiLink link);

        /** Once, also for one that was never up; its actions are in doubt already. */
        void gone(AmiLink link, String why);
    }

    private final AmiSettings settings;
    private final Oddities oddities;
    private final Owner owner;
    private ChannelHandlerContext context;
    private PendingActions pending;
    private boolean up;
    private boolean over;
    private String why = "the connection was lost";

    AmiLink(AmiSettings settings, Oddities oddities, Owner owner) {
        this.settings = settings;
        this.oddities = oddities;
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        this.pending = new PendingActions(context.channel().eventLoop(), settings.limits(), oddities);
    }

    /** Answered on the event loop. */
    void ask(AmiAction action, boolean list, PendingActions.Asker asker) {
        if (!up || over) {
            asker.failed(notSent(action, "no connection to the switch"));
        } else if (pending.full()) {
            asker.failed(notSent(action, settings.limits().pending() + " actions wait for the switch already"));
        } else {
            write(action, list, asker);
        }
    }

    private static AmiException notSent(AmiAction action, String why) {
        return new AmiException(AmiException.Kind.NOT_SENT, action.name() + ": " + why);
    }

    private void write(AmiAction action, boolean list, PendingActions.Asker asker) {
        String id = pending.add(action.name(), list, asker);
        context.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), action.written(id)))
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        pending.failed(id, AmiException.Kind.IN_DOUBT, "the connection was lost");
                    }
                });
    }

    /** What waits for an answer is in doubt at once. */
    void close(String reason) {
        if (!over) {
            why = reason;
            end();
            context.close();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            pending.abandon(why);
            owner.gone(this, why);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, AmiMessage message) {
        if (over) {
            return;
        }
        if (message.has("Event")) {
            if (!pending.listed(message) && up) {
                context.fireChannelRead(message);
            }
        } else if (!message.has("Response")) {
            oddities.saw(Oddities.Kind.MALFORMED, "neither-answer-nor-event");
        } else if (!message.get("ActionID").equals(PING)) {
            pending.answered(message);
        }
    }

    private void greeted(String greeting) {
        if (!greeting.startsWith(GREETING)) {
            oddities.saw(Oddities.Kind.PROTOCOL, greeting);
            close("is no manager interface: it says " + WireText.logged(greeting));
            return;
        }
        step(AmiAction.of("Challenge").with("AuthType", "MD5"), "refused to challenge us", challenge -> {
            AmiAction login = AmiAction.of("Login")
                    .with("AuthType", "MD5")
                    .with("Username", settings.user())
                    .with("Key", key(challenge.get("Challenge")))
                    .with("Events", "off");
            step(login, "refused the user or the password", in -> loggedIn());
        });
    }

    /** Filters before events: a busy switch would tell us everything in between. */
    private void loggedIn() {
        for (AmiSettings.Filter filter : settings.only()) {
            AmiAction add = AmiAction.of("Filter")
                    .with("Operation", "Add")
                    .with("MatchCriteria", filter.criteria())
                    .with("Filter", filter.value());
            write(add, false, new PendingActions.Asker() {
                @Override
                public void answered(AmiMessage response, List<AmiMessage> events) {
                    // as wanted
                }

                @Override
                public void failed(AmiException why) {
                    if (why.kind() == AmiException.Kind.REFUSED) {
                        oddities.saw(Oddities.Kind.FILTER_REFUSED, why.getMessage());
                    }
                }
            });
        }
        String mask = settings.events().isEmpty() ? "off" : settings.events();
        step(AmiAction.of("Events").with("EventMask", mask), "refused to tell events", told -> {
            up = true;
            owner.up(this);
        });
    }

    /** A step on the way up: without it there is no link. */
    private void step(AmiAction action, String refusal, Consumer<AmiMessage> next) {
        write(action, false, new PendingActions.Asker() {
            @Override
            public void answered(AmiMessage response, List<AmiMessage> events) {
                next.accept(response);
            }

            @Override
            public void failed(AmiException why) {
                if (!over) {
                    close(why.kind() == AmiException.Kind.REFUSED ? "the switch " + refusal : why.getMessage());
                }
            }
        });
    }

    private String key(String challenge) {
        try {
            byte[] both = (challenge + settings.password()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof AmiFramer.Greeting greeting) {
            greeted(greeting.text());
        } else if (event instanceof AmiFramer.Oversized oversized) {
            oddities.saw(Oddities.Kind.OVERSIZED, oversized.bytes() + "-bytes");
        } else if (event instanceof AmiFramer.Malformed) {
            oddities.saw(Oddities.Kind.MALFORMED, "line-without-colon");
        } else if (event instanceof IdleStateEvent quiet) {
            quiet(quiet.isFirst());
        }
    }

    /** A half-open connection looks like a quiet one; only a question tells. */
    private void quiet(boolean first) {
        if (!up) {
            close("took the connection and says nothing");
        } else if (first) {
            context.writeAndFlush(
                    ByteBufUtil.writeUtf8(context.alloc(), AmiAction.of("Ping").written(PING)));
        } else {
            close("half-open: no byte in "
                    + settings.limits().quiet().multipliedBy(2).toMillis() + " ms, not even to a ping");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException
                && (cause instanceof TooLongFrameException || cause.getCause() instanceof TooLongFrameException)) {
            oddities.saw(Oddities.Kind.PROTOCOL, "a-message-without-end");
            close("sends a message without end: is it a manager interface?");
        } else {
            // the message may quote what came; an I/O error needs no trace
            close("the connection failed: " + cause.getClass().getSimpleName());
        }
    }
}
