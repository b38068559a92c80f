package io.tocsin.lab.phone.internal;

import io.netty.util.concurrent.Future;
import io.tocsin.lab.people.PhonePeople.Answers;
import io.tocsin.lab.people.PhonePeople.CallBack;
import io.tocsin.lab.people.PhonePeople.Reaction;
import io.tocsin.lab.people.PhonePeople.Refuses;
import io.tocsin.lab.phone.PlacedCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One channel, from its first event to its last, in the order in which Asterisk 22 was seen to tell them. On the loop only. */
final class Call {
    /** As ARI says it. */
    enum State {
        DOWN("Down"),
        RING("Ring"),
        RINGING("Ringing"),
        UP("Up");

        private final String word;

        State(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    private static final long UNTIL_IT_RINGS = 30;
    /** How long a caller lets it ring. */
    private static final long CALLER_WAITS = 30_000;

    private static final long USUAL_TALK_SILENCE = 2_500;
    private static final int NORMAL = 16;
    private static final int NO_ANSWER = 19;
    private static final int UNAVAILABLE = 480;
    private static final long NOBODY_THERE = 2_500;

    /** What a channel is from its beginning. */
    record Origin(
            String id,
            int sequence,
            String trunk,
            boolean inbound,
            String telephone,
            String callerName,
            String callerNumber,
            String exten,
            int line,
            long created) {}

    private final PlantCore plant;
    private final Origin origin;
    private final Player player;
    private final CallNews news;
    private Person person;
    private State state;
    private String application;
    private List<String> arguments;
    private boolean inStasis;
    private boolean over;
    private long pickedUp = -1;
    private Map<String, String> variables;
    private Bridge bridge;
    private Recordings.Live recording;
    private Optional<CallBack> callsBack = Optional.empty();
    private Future<?> due;
    private Future<?> deadline;
    private List<String> heard = List.of();
    private StringBuilder keys;
    private boolean byPerson;
    /** Where the dialplan begins, of a call that was not asked for by an application; null for none. */
    private String context;

    Call(PlantCore plant, Origin origin, String application, List<String> arguments) {
        this.plant = plant;
        this.origin = origin;
        this.application = application;
        this.arguments = arguments;
        this.state = origin.inbound() ? State.RING : State.DOWN;
        this.player = new Player(plant, this);
        this.news = new CallNews(plant, this);
        this.person = new Person(plant, this, null);
    }

    // ---- outbound ----

    /** Dialled: what comes of it comes by itself. @param timeout milliseconds it may ring */
    void dialled(Reaction reaction, long timeout) {
        news.dial("");
        if (reaction instanceof Refuses refuses) {
            callsBack = refuses.callsBack();
            int sip = refuses.fate().sip().orElse(0);
            until(
                    refuses.after().toMillis(),
                    timeout,
                    refuses.rings(),
                    () -> failed(
                            refuses.fate().cause(), sip, refuses.fate().name().equals("BUSY") ? "BUSY" : "NOANSWER"));
        } else if (reaction instanceof Answers answers) {
            person = new Person(plant, this, answers);
            until(answers.ringing().toMillis(), timeout, true, this::answered);
        }
    }

    /** No line, or a bad one: the carrier says so at once. */
    void refusedByCarrier(int cause, int sip) {
        news.dial("");
        due = plant.after(1, () -> failed(cause, sip, "CONGESTION"));
    }

    /** @param name of the dialplan's context where it begins when it is picked up, or null */
    void given(Map<String, String> with, String name) {
        variables = with.isEmpty() ? null : new HashMap<>(with);
        context = name;
        limit();
    }

    private void until(long millis, long timeout, boolean rings, Runnable then) {
        long wait = Math.min(millis, timeout);
        Runnable after = millis <= timeout ? then : () -> failed(NO_ANSWER, rings ? UNAVAILABLE : 0, "NOANSWER");
        if (!rings) {
            due = plant.after(wait, after);
            return;
        }
        long before = Math.min(UNTIL_IT_RINGS, wait);
        due = plant.after(before, () -> {
            state = State.RINGING;
            news.stateChanged();
            news.dial("RINGING");
            due = plant.after(wait - before, after);
        });
    }

    private void failed(int cause, int sip, String dialStatus) {
        news.hangupRequested(cause, sip);
        news.dial(dialStatus);
        destroyed(cause, sip);
    }

    private void answered() {
        state = State.UP;
        pickedUp = plant.millis();
        plant.tally().pickedUp++;
        news.stateChanged();
        news.dial("ANSWER");
        person.pickedUp();
        if (context != null) {
            dialplan(context);
        } else {
            intoStasis();
        }
    }

    private void intoStasis() {
        if (!plant.connected(application)) {
            due = plant.after(NOBODY_THERE, () -> end(NORMAL, 0));
            return;
        }
        news.variable("STASISSTATUS", "");
        inStasis = true;
        news.stasisStart(arguments);
    }

    // ---- inbound ----

    /** Somebody calls us. @return whether an application took it */
    boolean arrived(Answers conduct) {
        if (!plant.connected(application)) {
            return false;
        }
        person = new Person(plant, this, conduct);
        inStasis = true;
        due = plant.after(CALLER_WAITS, () -> {
            plant.tally().inboundLost++;
            leftByPerson();
        });
        intoStasis();
        return true;
    }

    /** The application takes the call. */
    void answer() {
        if (state == State.RING) {
            due.cancel(false);
            state = State.UP;
            pickedUp = plant.millis();
            news.stateChanged();
            person.pickedUp();
        }
    }

    // ---- while it lasts ----

    void key(char digit) {
        plant.tally().pressed++;
        if (plant.options().record()) {
            keys = keys == null ? new StringBuilder() : keys;
            keys.append(digit);
        }
        news.key(digit);
        if (recording != null && recording.endsWith(digit)) {
            recorded(recording, true);
        }
    }

    void heard(String media) {
        if (plant.options().record()) {
            if (heard.isEmpty()) {
                heard = new ArrayList<>(2);
            }
            heard.add(media);
        }
    }

    /** After how much silence somebody is taken to have stopped speaking, in milliseconds; -1: nobody asked. */
    long talkSilence() {
        String asked = variables == null ? null : variables.get("TALK_DETECT(set)");
        if (asked == null) {
            return -1;
        }
        String silence = asked.split(",", 2)[0].strip();
        return silence.matches("[0-9]{1,5}") ? Integer.parseInt(silence) : USUAL_TALK_SILENCE;
    }

    void talkingStarted() {
        if (!over && talkSilence() >= 0) {
            news.talkingStarted();
        }
    }

    void talkingFinished(long millis) {
        if (!over && talkSilence() >= 0) {
            news.talkingFinished(millis);
        }
    }

    void record(Recordings.Live begun, long longest, long silence) {
        recording = begun;
        plant.recordings().begin(begun);
        news.recording("RecordingStarted", begun);
        person.recorded(begun, longest, silence);
    }

    /** @param kept false throws it away */
    void recorded(Recordings.Live ended, boolean kept) {
        plant.recordings().end(ended, ended.millis(plant.millis()), kept);
        recording = null;
        news.recording("RecordingFinished", ended);
    }

    void enter(Bridge entered) {
        leave();
        bridge = entered;
        entered.members().add(this);
        news.bridge("ChannelEnteredBridge", entered);
        if (!entered.holding() && entered.members().size() > 1) {
            entered.members().forEach(member -> member.person.connected(true));
        }
    }

    void leave() {
        if (bridge == null) {
            return;
        }
        Bridge left = bridge;
        bridge = null;
        left.members().remove(this);
        news.bridge("ChannelLeftBridge", left);
        if (!over) {
            person.connected(false);
        }
        if (left.members().size() == 1) {
            left.members().forEach(member -> member.person.connected(false));
        }
    }

    void variable(String name, String value) {
        variables = variables == null ? new HashMap<>() : variables;
        variables.put(name, value);
        news.variable(name, value);
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables == null ? null : variables.get(name));
    }

    /** What is playing goes on. */
    void move(String to, List<String> with) {
        news.stasisEnd();
        application = to;
        arguments = with;
        intoStasis();
    }

    /** Leaves the application for a context of the dialplan: one that tells machines from people comes back, any other hangs up. */
    void dialplan(String name) {
        if (inStasis) {
            out();
        }
        if (!name.contains("amd") && !name.contains("machine")) {
            due = plant.after(1, () -> end(NORMAL, 0));
            return;
        }
        long listens = person.machine() ? 2_500 : 1_000 + person.speaksMillis();
        due = plant.after(plant.scaled(listens), () -> {
            String status = person.machine() ? "MACHINE" : "HUMAN";
            variable("AMDSTATUS", status);
            arguments = List.of(status);
            intoStasis();
        });
    }

    private void out() {
        inStasis = false;
        player.cut();
        news.stasisEnd();
    }

    /** How long it may last in all, if its variables say so. */
    private void limit() {
        String seconds = variables == null ? null : variables.get("TIMEOUT(absolute)");
        if (seconds != null && seconds.matches("[0-9]{1,6}")) {
            deadline = plant.after(1_000L * Integer.parseInt(seconds), () -> {
                if (!over) {
                    end(NORMAL, 0);
                }
            });
        }
    }

    // ---- its end ----

    /** The person, or the machine, hangs up. Not every network says that this is normal. */
    void leftByPerson() {
        if (!over) {
            byPerson = true;
            int cause = origin.inbound() || (origin.sequence() & 1) == 0 ? NORMAL : 0;
            end(cause, 0);
        }
    }

    private void end(int cause, int sip) {
        news.quality();
        news.hangupRequested(cause, sip);
        close();
        destroyed(cause, sip);
    }

    /** We were asked to end it. @return what remains to be told, after the answer */
    Runnable hangUp(int cause) {
        if (state == State.UP) {
            news.quality();
        }
        news.hangupRequested();
        over = true;
        person.over();
        close();
        return () -> destroyed(cause, 0);
    }

    private void close() {
        player.cut();
        if (recording != null) {
            recorded(recording, true);
        }
        over = true;
        leave();
        if (inStasis) {
            news.stasisEnd();
            news.variable("STASISSTATUS", "SUCCESS");
            inStasis = false;
        }
    }

    private void destroyed(int cause, int sip) {
        over = true;
        vanish();
        news.destroyed(cause, sip);
        plant.over(this, cause, sip);
    }

    /** Gone without a word. */
    void vanish() {
        over = true;
        person.over();
        if (due != null) {
            due.cancel(false);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    PlacedCall placed(int cause, int sip) {
        return new PlacedCall(
                origin.id(),
                origin.telephone(),
                origin.inbound() ? origin.exten() : origin.callerNumber(),
                origin.inbound(),
                Instant.ofEpochMilli(origin.created()),
                pickedUp < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(pickedUp)),
                Instant.ofEpochMilli(plant.millis()),
                cause,
                sip,
                List.copyOf(heard),
                keys == null ? "" : keys.toString(),
                byPerson);
    }

    // ---- what it is ----

    Origin origin() {
        return origin;
    }

    String id() {
        return origin.id();
    }

    /** As its channel shows it. */
    String callerNumber() {
        return origin.inbound() ? origin.telephone() : origin.callerNumber();
    }

    State state() {
        return state;
    }

    String application() {
        return application;
    }

    boolean inStasis() {
        return inStasis;
    }

    /** As the dialplan wrote them: the application first. */
    String stasisArguments() {
        return arguments.isEmpty() ? application : application + "," + String.join(",", arguments);
    }

    boolean over() {
        return over;
    }

    /** Nothing is said to it. */
    boolean quiet() {
        return player.silent();
    }

    Player player() {
        return player;
    }

    Person person() {
        return person;
    }

    Optional<CallBack> callsBack() {
        return callsBack;
    }
}
