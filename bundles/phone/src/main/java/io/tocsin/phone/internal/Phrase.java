package io.tocsin.phone.internal;

import java.util.List;
import java.util.Locale;

/** The fixed sentences of the telephone, in French and English. */
enum Phrase {
    GOODBYE("Au revoir.", "Goodbye."),
    UNCLEAR("Cette réponse n’a pas été comprise.", "This answer was not understood."),
    TRY_LATER("Il y a eu trop d’essais. Rappelez plus tard.", "There were too many tries. Please call again later."),

    NO_ALERT("Aucune alerte en cours ne concerne votre numéro.", "No current alert concerns your number."),
    WITHHELD("Votre numéro est masqué.", "Your number is withheld."),
    KEY_CALLED_NUMBER(
            "Composez le numéro sur lequel nous vous avons appelé, puis appuyez sur dièse.",
            "Enter the number that we called you on, then press hash."),
    NO_ALERT_THERE("Aucune alerte en cours ne concerne ce numéro.", "No current alert concerns that number."),
    STAFF(
            "Pour le service des alertes, appuyez sur étoile, puis dièse.",
            "For the alert service, press star, then hash."),
    NOT_TOLD(
            "Une alerte concerne votre numéro, mais son message ne peut pas être dit en ce moment. Rappelez plus tard.",
            "An alert concerns your number, but its message cannot be said now. Please call again later."),
    ALERT_OVER("Cette alerte est terminée. Voici son message.", "This alert is over. Here is its message."),
    ANSWERED(
            "Vous avez déjà répondu à cette alerte. Voici de nouveau son message.",
            "You have already answered this alert. Here is its message again."),
    ANOTHER("Un autre message concerne ce numéro.", "Another message concerns this number."),
    KEY_PIN_OF_MESSAGE(
            "Ce message est personnel. Composez votre code, puis appuyez sur dièse.",
            "This message is personal. Enter your code, then press hash."),
    WRONG_PIN("Ce code n’est pas le bon.", "This code is not right."),
    CONFIRM_HEARD(
            "Pour confirmer que vous avez entendu ce message, appuyez sur 1. Pour réécouter, appuyez sur étoile.",
            "To confirm that you have heard this message, press 1. To hear it again, press star."),
    LISTEN_AGAIN("Pour réécouter, appuyez sur étoile.", "To hear it again, press star."),
    THANKS("Merci. Votre réponse est enregistrée.", "Thank you. Your answer is recorded."),
    FIRST_ANSWER_STAYS("Votre première réponse est conservée.", "Your first answer stays."),

    KEY_ID(
            "Service des alertes. Composez votre identifiant, puis appuyez sur dièse.",
            "Alert service. Enter your ID, then press hash."),
    KEY_PIN("Composez votre code secret, puis appuyez sur dièse.", "Enter your PIN, then press hash."),
    WRONG_LOGIN("L’identifiant ou le code n’est pas le bon.", "The ID or the PIN is not right."),
    NO_TENANT("Rien ne vous est ouvert sur cette ligne.", "Nothing is open to you on this line."),
    KEY_TENANT(
            "Composez le numéro de la collectivité, puis appuyez sur dièse. Pour entendre la liste, appuyez sur étoile,"
                    + " puis dièse.",
            "Enter the number of the community, then press hash. To hear the list, press star, then hash."),
    HOME(
            "Pour lancer une alerte, appuyez sur 1. Pour enregistrer un message, appuyez sur 2. Pour quitter, appuyez sur"
                    + " étoile.",
            "To launch an alert, press 1. To record a message, press 2. To leave, press star."),
    NOT_ALLOWED("Votre rôle ne le permet pas.", "Your role does not allow this."),
    NO_SUCH_NUMBER("Ce numéro n’existe pas.", "There is no such number."),

    DRILL_OR_REAL(
            "Pour un exercice, appuyez sur 1. Pour une alerte réelle, appuyez sur 2. Pour revenir, appuyez sur étoile.",
            "For an exercise, press 1. For a real alert, press 2. To go back, press star."),
    DRILL("Exercice.", "Exercise."),
    REAL("Alerte réelle.", "Real alert."),
    KEY_SCENARIO(
            "Composez le numéro du scénario, puis appuyez sur dièse. Pour entendre la liste, appuyez sur étoile, puis"
                    + " dièse.",
            "Enter the number of the scenario, then press hash. To hear the list, press star, then hash."),
    NO_SCENARIO("Aucun scénario n’est prêt.", "No scenario is ready."),
    CHECKING("Vérification en cours.", "Checking."),
    ONE_MOMENT("Un instant, s’il vous plaît.", "One moment, please."),
    REFUSED("Cette alerte ne peut pas être lancée.", "This alert cannot be launched."),
    SEE_SCREEN("La raison est expliquée à l’écran.", "The reason is explained on the screen."),
    NOBODY(
            "La liste des destinataires est vide ou ne peut pas être jointe.",
            "The list of people is empty or cannot be reached."),
    QUOTA("Un quota est atteint.", "A quota is reached."),
    SUSPENDED("La collectivité est suspendue.", "The community is suspended."),
    CONFIRM(
            "Pour lancer, appuyez sur 1, puis dièse. Pour renoncer, appuyez sur étoile, puis dièse.",
            "To launch, press 1, then hash. To give up, press star, then hash."),
    CONFIRM_AGAIN(
            "Pour la lancer une seconde fois, appuyez sur 2, puis dièse. Pour renoncer, appuyez sur étoile, puis dièse.",
            "To launch it a second time, press 2, then hash. To give up, press star, then hash."),
    GIVEN_UP("Rien n’a été lancé.", "Nothing was launched."),
    LAUNCHED("L’alerte est lancée.", "The alert is launched."),
    LAUNCHED_BEFORE(
            "Cette alerte venait d’être lancée. Elle ne l’a pas été une seconde fois.",
            "This alert had just been launched. It was not launched a second time."),
    NOT_LAUNCHED("L’alerte n’a pas pu être lancée.", "The alert could not be launched."),

    KEY_SLOT(
            "Composez le numéro du message, de 1 à 99, puis appuyez sur dièse. Pour un nouveau message, appuyez sur"
                    + " étoile, puis dièse.",
            "Enter the number of the message, 1 to 99, then press hash. For a new message, press star, then hash."),
    NO_SLOT("Tous les numéros sont pris.", "All numbers are taken."),
    SLOT_TAKEN(
            "Un message porte déjà ce numéro. Pour l’écouter, appuyez sur 1. Pour le remplacer, appuyez sur 2. Pour"
                    + " revenir, appuyez sur étoile.",
            "There is a message of this number already. To hear it, press 1. To replace it, press 2. To go back, press"
                    + " star."),
    SPEAK("Parlez après le bip, puis appuyez sur dièse.", "Speak after the tone, then press hash."),
    TOO_SHORT("L’enregistrement est trop court.", "The recording is too short."),
    TOO_LONG("L’enregistrement est trop long.", "The recording is too long."),
    SILENT("On n’entend rien dans l’enregistrement.", "Nothing can be heard in the recording."),
    CLIPPED(
            "L’enregistrement est saturé. Éloignez-vous du combiné.",
            "The recording is distorted. Move away from the mouthpiece."),
    UNUSABLE("L’enregistrement ne peut pas être utilisé.", "The recording cannot be used."),
    LISTEN_TO_IT("Voici votre message.", "Here is your message."),
    MIND_IT("Écoutez-le bien : il est peut-être faible ou déformé.", "Listen carefully: it may be faint or distorted."),
    KEEP_OR_NOT(
            "Pour le garder, appuyez sur 1. Pour le réécouter, appuyez sur 2. Pour recommencer, appuyez sur 3. Pour"
                    + " renoncer, appuyez sur étoile.",
            "To keep it, press 1. To hear it again, press 2. To record it again, press 3. To give up, press star."),
    KEPT("Le message est enregistré.", "The message is kept."),
    NOT_KEPT("Le message n’est pas gardé.", "The message is not kept.");

    /** BCP 47 language subtags. */
    static final List<String> LANGUAGES = List.of("fr", "en");

    private final String french;
    private final String english;

    Phrase(String french, String english) {
        this.french = french;
        this.english = english;
    }

    /** @param language one of {@link #LANGUAGES} */
    String in(String language) {
        return language.equals("en") ? english : french;
    }

    /** The one of {@link #LANGUAGES} for somebody's; French for all others. */
    static String language(String tag) {
        return Locale.forLanguageTag(tag).getLanguage().equals("en") ? "en" : "fr";
    }
}
