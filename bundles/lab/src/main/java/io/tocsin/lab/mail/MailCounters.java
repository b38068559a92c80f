package io.tocsin.lab.mail;

/**
 * What happened so far.
 *
 * @param connections SMTP connections made
 * @param accepted mails taken, one a recipient
 * @param refused recipients and mails refused
 * @param dropped connections cut by the dice or the script
 * @param recipients different recipients who got mail, of those recorded
 * @param duplicates mails beyond a recipient's first with the same Message-ID's reference
 * @param reports delivery reports put in the mailbox
 * @param webAnswers answers given on the web page and accepted by it
 * @param webFailures answer pages that could not be opened or refused the answer
 * @param mailAnswers replies put in the mailbox
 */
public record MailCounters(
        long connections,
        long accepted,
        long refused,
        long dropped,
        long recipients,
        long duplicates,
        long reports,
        long webAnswers,
        long webFailures,
        long mailAnswers) {

    public String toJson() {
        return String.format(
                "{\"connections\":%d,\"accepted\":%d,\"refused\":%d,\"dropped\":%d,\"recipients\":%d,\"duplicates\":%d,"
                        + "\"reports\":%d,\"webAnswers\":%d,\"webFailures\":%d,\"mailAnswers\":%d}",
                connections,
                accepted,
                refused,
                dropped,
                recipients,
                duplicates,
                reports,
                webAnswers,
                webFailures,
                mailAnswers);
    }
}
