package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.MailOptions.Login;
import io.tocsin.lab.mail.internal.BounceMailbox.Mail;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One IMAP4rev1 connection (RFC 3501) to the one mailbox: what a reader of bounces needs. Structures and envelopes are not
 * served; a client that wants them is told BAD.
 */
final class ImapSession implements LoopbackServer.Session {
    private static final Logger LOG = LoggerFactory.getLogger(ImapSession.class);
    private static final int LONGEST_LINE = 65_536;

    private final Socket socket;
    private final BounceMailbox mailbox;
    private final Login login;
    private final List<Mail> view = new ArrayList<>();
    private InputStream in;
    private OutputStream out;
    private boolean loggedIn;
    private boolean selected;
    private boolean readOnly;
    private long seenUid;

    ImapSession(Socket socket, BounceMailbox mailbox, Login login) {
        this.socket = socket;
        this.mailbox = mailbox;
        this.login = login;
    }

    @Override
    public void hangUp() {
        LoopbackServer.close(socket);
    }

    @Override
    public void run() {
        try {
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
            say("* OK IMAP4rev1 lab");
            out.flush();
            String line;
            boolean goOn = true;
            while (goOn && (line = line()) != null) {
                goOn = command(line);
                out.flush();
            }
        } catch (IOException gone) {
            LOG.debug("lab-imap-gone", gone);
        }
    }

    private boolean command(String line) throws IOException {
        String[] words = line.split(" ", 3);
        String tag = words[0];
        String verb = words.length > 1 ? words[1].toUpperCase(Locale.ROOT) : "";
        String rest = words.length > 2 ? words[2] : "";
        try {
            switch (verb) {
                case "CAPABILITY" -> done(tag, "* CAPABILITY IMAP4rev1");
                case "NOOP", "CHECK" -> {
                    news();
                    done(tag);
                }
                case "LOGIN" -> login(tag, rest);
                case "LOGOUT" -> {
                    done(tag, "* BYE");
                    return false;
                }
                case "LIST", "LSUB" -> done(tag, "* " + verb + " () \"/\" INBOX");
                case "SELECT", "EXAMINE" -> select(tag, verb, rest);
                default -> inside(tag, verb, rest, false);
            }
        } catch (IllegalArgumentException wrong) {
            say(tag + " BAD " + wrong.getMessage());
        }
        return true;
    }

    private void inside(String tag, String verb, String rest, boolean byUid) throws IOException {
        if (!selected) {
            say(tag + " NO select a mailbox first");
            return;
        }
        arrivals();
        switch (verb) {
            case "UID" -> {
                String[] words = rest.split(" ", 2);
                inside(tag, words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "", true);
            }
            case "SEARCH" -> search(tag, rest, byUid);
            case "FETCH" -> fetch(tag, rest, byUid);
            case "STORE" -> store(tag, rest, byUid);
            case "EXPUNGE" -> {
                expunge();
                done(tag);
            }
            case "CLOSE" -> {
                if (!readOnly) {
                    view.stream().filter(mail -> mail.has("\\DELETED")).forEach(mailbox::remove);
                }
                selected = false;
                done(tag);
            }
            default -> throw new IllegalArgumentException("unknown command");
        }
    }

    private void login(String tag, String rest) throws IOException {
        List<String> words = words(rest);
        loggedIn = words.size() == 2
                && words.get(0).equals(login.user())
                && words.get(1).equals(login.password());
        say(tag + (loggedIn ? " OK welcome" : " NO [AUTHENTICATIONFAILED] login refused"));
    }

    private void select(String tag, String verb, String rest) throws IOException {
        if (!loggedIn || !words(rest).get(0).equalsIgnoreCase("INBOX")) {
            say(tag + (loggedIn ? " NO only INBOX exists" : " NO log in first"));
            return;
        }
        selected = true;
        readOnly = verb.equals("EXAMINE");
        view.clear();
        seenUid = 0;
        see();
        say("* FLAGS (\\Seen \\Deleted \\Answered \\Flagged \\Draft)");
        say("* OK [PERMANENTFLAGS (\\Seen \\Deleted \\Answered \\Flagged \\Draft)] kept");
        say("* " + view.size() + " EXISTS");
        say("* 0 RECENT");
        say("* OK [UIDVALIDITY " + mailbox.validity() + "]");
        say("* OK [UIDNEXT " + mailbox.nextUid() + "]");
        say(tag + " OK [" + (readOnly ? "READ-ONLY" : "READ-WRITE") + "] done");
    }

    /** Tells what others removed and what came: only where numbers may change (RFC 3501, 7.4.1). */
    private void news() throws IOException {
        if (!selected) {
            return;
        }
        for (int i = view.size() - 1; i >= 0; i--) {
            if (!mailbox.holds(view.get(i))) {
                view.remove(i);
                say("* " + (i + 1) + " EXPUNGE");
            }
        }
        arrivals();
    }

    /** Tells what came: due with any command (RFC 3501, 5.2). */
    private void arrivals() throws IOException {
        int before = view.size();
        see();
        if (view.size() != before) {
            say("* " + view.size() + " EXISTS");
        }
    }

    private void see() {
        for (Mail mail : mailbox.after(seenUid)) {
            view.add(mail);
            seenUid = mail.uid();
        }
    }

    private void expunge() throws IOException {
        for (int i = view.size() - 1; i >= 0 && !readOnly; i--) {
            if (view.get(i).has("\\DELETED")) {
                mailbox.remove(view.get(i));
            }
        }
        news();
    }

    private void search(String tag, String rest, boolean byUid) throws IOException {
        var found = new StringBuilder("* SEARCH");
        List<String> keys = words(rest);
        for (int i = 0; i < view.size(); i++) {
            if (matches(keys.iterator(), i)) {
                found.append(' ').append(byUid ? view.get(i).uid() : i + 1);
            }
        }
        done(tag, found.toString());
    }

    private boolean matches(Iterator<String> keys, int index) {
        boolean all = true;
        while (keys.hasNext()) {
            all &= matches(keys.next().toUpperCase(Locale.ROOT), keys, index);
        }
        return all;
    }

    private boolean matches(String key, Iterator<String> more, int index) {
        Mail mail = view.get(index);
        return switch (key) {
            case "ALL" -> true;
            case "SEEN", "DELETED", "ANSWERED", "FLAGGED", "DRAFT" -> mail.has("\\" + key);
            case "UNSEEN", "UNDELETED", "UNANSWERED", "UNFLAGGED", "UNDRAFT" -> !mail.has("\\" + key.substring(2));
            case "NOT" -> !matches(more.next().toUpperCase(Locale.ROOT), more, index);
            case "CHARSET" -> !more.next().isEmpty();
            case "UID" -> in(more.next(), mail.uid(), mailbox.nextUid());
            default -> {
                if (!Character.isDigit(key.charAt(0))) {
                    throw new IllegalArgumentException("unknown search key");
                }
                yield in(key, index + 1L, view.size());
            }
        };
    }

    private void fetch(String tag, String rest, boolean byUid) throws IOException {
        String[] words = rest.split(" ", 2);
        var items = new ImapItems(words[1], byUid, readOnly);
        for (int i : chosen(words[0], byUid)) {
            byte[] answer = items.of(view.get(i)); // whole or not at all: a wrong item must not leave half an answer
            write("* " + (i + 1) + " FETCH (");
            out.write(answer);
            say(")");
        }
        done(tag);
    }

    private void store(String tag, String rest, boolean byUid) throws IOException {
        String[] words = rest.split(" ", 3);
        String how = words[1].toUpperCase(Locale.ROOT);
        Set<String> flags = new TreeSet<>(words(words[2].replaceAll("[()]", "").toUpperCase(Locale.ROOT)));
        for (int i : chosen(words[0], byUid)) {
            Mail mail = view.get(i);
            if (readOnly) {
                throw new IllegalArgumentException("the mailbox is open read-only");
            }
            if (how.startsWith("-")) {
                mail.flags().removeAll(flags);
            } else {
                if (how.startsWith("FLAGS")) {
                    mail.flags().clear();
                }
                mail.flags().addAll(flags);
            }
            if (!how.endsWith(".SILENT")) {
                say("* " + (i + 1) + " FETCH (FLAGS (" + String.join(" ", mail.flags()) + "))");
            }
        }
        done(tag);
    }

    /** Indexes in the view, found by halving: a round of a large mailbox names a hundred of many thousands. */
    private List<Integer> chosen(String set, boolean byUid) {
        var chosen = new TreeSet<Integer>();
        for (String range : set.split(",")) {
            long last = byUid ? seenUid : view.size();
            String[] ends = range.split(":", 2);
            long from = number(ends[0], last);
            long to = ends.length == 1 ? from : number(ends[1], last);
            int first = byUid ? indexOf(Math.min(from, to)) : (int) Math.max(0, Math.min(from, to) - 1);
            for (int i = first; i < view.size(); i++) {
                if ((byUid ? view.get(i).uid() : i + 1L) > Math.max(from, to)) {
                    break;
                }
                chosen.add(i);
            }
        }
        return List.copyOf(chosen);
    }

    /** The index of the first mail with this uid or a later one. */
    private int indexOf(long uid) {
        int low = 0;
        int high = view.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (view.get(middle).uid() < uid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long number(String text, long last) {
        return text.equals("*") ? last : Long.parseLong(text);
    }

    private static boolean in(String set, long number, long last) {
        for (String range : set.split(",")) {
            String[] ends = range.split(":", 2);
            long from = ends[0].equals("*") ? last : Long.parseLong(ends[0]);
            long to = ends.length == 1 ? from : ends[1].equals("*") ? Long.MAX_VALUE : Long.parseLong(ends[1]);
            if (number >= Math.min(from, to) && number <= Math.max(from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Atoms and quoted strings; literals have been put in quotes by {@link #line}. */
    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any || word.length() > 0) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
            }
        }
        if (any || word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    private void done(String tag, String... before) throws IOException {
        for (String line : before) {
            say(line);
        }
        say(tag + " OK done");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void say(String line) throws IOException {
        write(line + "\r\n");
    }

    /** A command with its literals (RFC 3501, 4.3) read and quoted. */
    private String line() throws IOException {
        var line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0) {
            if (c != '\n') {
                line.append((char) c);
                if (line.length() > LONGEST_LINE) {
                    throw new IOException("line too long");
                }
                continue;
            }
            String text = line.charAt(Math.max(0, line.length() - 1)) == '\r'
                    ? line.substring(0, line.length() - 1)
                    : line.toString();
            if (!text.matches("(?s).*\\{\\d{1,5}\\+?}$")) {
                return text;
            }
            int open = text.lastIndexOf('{');
            int length = Integer.parseInt(text.substring(open + 1).replaceAll("[+}]", ""));
            if (!text.endsWith("+}")) {
                say("+ go on");
                out.flush();
            }
            String literal = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            line.setLength(0);
            line.append(text, 0, open)
                    .append('"')
                    .append(literal.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return null;
    }
}
