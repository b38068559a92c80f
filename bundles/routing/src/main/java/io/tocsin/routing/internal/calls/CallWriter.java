package io.tocsin.routing.internal.calls;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.Pin;
import io.tocsin.channel.api.CallScript.Question;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.internal.calls.Pieces.Missing;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Puts calls together out of files: message, question, thanks. Nothing on a node needs to be able to speak for it to be there. */
@Component(service = SpokenCalls.class)
public final class CallWriter implements SpokenCalls {
    private static final Pattern PIN = Pattern.compile("[0-9]{3,10}");
    /** Time enough to take a telephone from one's ear and find the key. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final int ASKED_TIMES = 3;

    private final AtomicReference<Optional<Speech>> speech = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<SoundFiles>> files = new AtomicReference<>(Optional.empty());
    private final SpokenParts parts;
    private final ExecutorService ahead;

    @Activate
    public CallWriter(@Reference Database database) {
        this(database, Clock.systemUTC());
    }

    CallWriter(Database database, Clock clock) {
        parts = new SpokenParts(database, speech::get, files::get, clock);
        ahead = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, "call-writer");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Deactivate
    public void close() {
        ahead.shutdownNow();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindSpeech(Speech bound) {
        speech.set(Optional.of(bound));
    }

    public void unbindSpeech(Speech gone) {
        speech.updateAndGet(now -> now.filter(each -> each != gone));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindFiles(SoundFiles bound) {
        files.set(Optional.of(bound));
    }

    public void unbindFiles(SoundFiles gone) {
        files.updateAndGet(now -> now.filter(each -> each != gone));
    }

    @Override
    public Set<String> languages() {
        return parts.languages();
    }

    @Override
    public void prepare(Words words, Map<String, String> shared) throws SpeechException, InterruptedException {
        List<Piece> message = message(new Telling(words, shared, Map.of()), Missing.LEFT_OUT);
        Prompts prompts = prompts(words);
        List<Piece> all = new ArrayList<>(message);
        if (!words.choices().isEmpty()) {
            all.addAll(prompts.asked());
            words.choices().values().forEach(meaning -> all.addAll(prompts.thanks(meaning)));
            all.addAll(prompts.unclear());
        }
        if (words.policy().pin().isPresent()) {
            all.addAll(prompts.pin());
            all.addAll(prompts.wrongPin());
        }
        speakAll(words, all);
        files(words, all);
    }

    @Override
    public void ahead(List<Telling> tellings) throws InterruptedException {
        Map<Words, Set<Piece>> missing = new LinkedHashMap<>();
        for (Telling telling : tellings) {
            Words words = telling.words();
            message(telling, Missing.LEFT_OUT).stream()
                    .filter(piece -> parts.known(words.tenantId(), words.lexicon(), piece)
                            .isEmpty())
                    .forEach(piece -> missing.computeIfAbsent(words, each -> new LinkedHashSet<>())
                            .add(piece));
        }
        for (Map.Entry<Words, Set<Piece>> each : missing.entrySet()) {
            speakAll(each.getKey(), each.getValue());
        }
    }

    /** Several at once; what fails is told by whoever asks for it next. */
    private void speakAll(Words words, Iterable<Piece> pieces) throws InterruptedException {
        List<Callable<Path>> open = new ArrayList<>();
        for (Piece piece : pieces) {
            if (parts.known(words.tenantId(), words.lexicon(), piece).isEmpty()) {
                open.add(() -> parts.file(words.tenantId(), words.lexicon(), piece));
            }
        }
        if (open.size() > 1) {
            try {
                ahead.invokeAll(open);
            } catch (RejectedExecutionException stopping) {
                // the node stops: whoever still sends speaks for itself
                return;
            }
        }
    }

    @Override
    public CallScript script(Telling telling) throws SpeechException, InterruptedException {
        Words words = telling.words();
        CallPolicy policy = words.policy();
        Prompts prompts = prompts(words);
        List<Path> message = files(words, message(telling, Missing.REFUSED));
        if (message.isEmpty()) {
            throw new SpeechException(Reason.TEXT, "there is nothing to say in the text: write words");
        }
        Optional<Pin> pin = Optional.empty();
        if (policy.pin().isPresent()) {
            pin = Optional.of(new Pin(
                    digits(telling, policy.pin().get()),
                    files(words, prompts.pin()),
                    files(words, prompts.wrongPin())));
        }
        return new CallScript(
                message,
                policy.times(),
                words.choices().isEmpty() ? Optional.empty() : Optional.of(question(words, prompts)),
                pin,
                policy.machine(),
                policy.ringing(),
                policy.retry());
    }

    private Question question(Words words, Prompts prompts) throws SpeechException, InterruptedException {
        Map<String, List<Path>> keys = new LinkedHashMap<>();
        for (Map.Entry<String, String> choice : words.choices().entrySet()) {
            keys.put(choice.getKey(), files(words, prompts.thanks(choice.getValue())));
        }
        return new Question(
                files(words, prompts.asked()),
                keys,
                words.policy().transfers(),
                words.policy().repeat(),
                files(words, prompts.unclear()),
                PATIENCE,
                ASKED_TIMES);
    }

    private static String digits(Telling telling, String variable) {
        String pin = telling.own().getOrDefault(variable, telling.shared().getOrDefault(variable, ""));
        if (!PIN.matcher(pin.strip()).matches()) {
            throw new IllegalArgumentException("variable " + variable + " is no PIN of 3 to 10 digits");
        }
        return pin.strip();
    }

    private static List<Piece> message(Telling telling, Missing missing) {
        Words words = telling.words();
        return Pieces.of(words.text(), words.language(), telling.shared(), telling.own(), missing);
    }

    private Prompts prompts(Words words) {
        boolean otherLanguage = !Prompts.primary(words.choicesLanguage()).equals(Prompts.primary(words.language()));
        // A meaning in a language nobody here speaks is read in that of the text: better than no question.
        return new Prompts(
                words,
                otherLanguage && languages().contains(Prompts.primary(words.choicesLanguage()))
                        ? words.choicesLanguage()
                        : words.language());
    }

    private List<Path> files(Words words, List<Piece> pieces) throws SpeechException, InterruptedException {
        List<Path> files = new ArrayList<>();
        for (Piece piece : pieces) {
            files.add(parts.file(words.tenantId(), words.lexicon(), piece));
        }
        return files;
    }
}
