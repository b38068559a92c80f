package io.tocsin.tenants.samples;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Invented people: names, addresses of {@code .example}, and numbers of ARCEP's ranges for fiction, written as people do. */
final class People {
    private static final String[] FIRST_F = {
        "Hélène",
        "Bénédicte",
        "Zoé",
        "Françoise",
        "Maëlle",
        "Inès",
        "Léa",
        "Chloé",
        "Aurélie",
        "Nadège",
        "Sylvie",
        "Monique",
        "Jeanne",
        "Marie-Noëlle",
        "Océane",
        "Émilie",
        "Clémence",
        "Agathe",
        "Solène",
        "Colette",
        "Yvette",
        "Anaïs",
        "Noémie",
        "Lucie",
        "Camille",
        "Élodie",
        "Sandrine",
        "Véronique",
        "Manon",
        "Andrée"
    };
    private static final String[] FIRST_M = {
        "Bertrand",
        "Gaël",
        "François",
        "Noël",
        "Jérôme",
        "Rémi",
        "Loïc",
        "Frédéric",
        "Théo",
        "Cédric",
        "Gérard",
        "Hervé",
        "Stéphane",
        "Mickaël",
        "Joël",
        "Raphaël",
        "André",
        "Jean-François",
        "Sébastien",
        "Grégoire",
        "Étienne",
        "Aurélien",
        "Benoît",
        "Hugo",
        "Marcel",
        "Émile",
        "Antoine",
        "Denis",
        "Kévin",
        "Maxence"
    };
    private static final String[] LAST = {
        "Vautherin",
        "Clavequin",
        "Jobard",
        "Grandvoinnet",
        "Bouhélier",
        "Lefèvre",
        "Müller",
        "Courvoisier",
        "Besançon",
        "Perrenoud",
        "Vuillemin",
        "Cuenot",
        "Faivre",
        "Monnier",
        "Gaudillère",
        "Mougin",
        "Pernot",
        "Thiébaud",
        "Belin",
        "Girardot",
        "Jacquemin",
        "Bôle",
        "Cuynet",
        "Dornier",
        "Épenoy",
        "Guinchard",
        "Humbert",
        "Jeannin",
        "L'Héritier",
        "Marguet",
        "Nicod",
        "Œuvrard",
        "Pourchet",
        "Querry",
        "Renaudot",
        "Saugier",
        "Tissot",
        "Ubaud",
        "Vermot",
        "D'Arçon",
        "De La Roche",
        "Bourgeois",
        "Chaillet",
        "Droz",
        "Étevenard",
        "Ferreux",
        "Gagelin",
        "Jacquot"
    };
    private static final String[] LAST_PT = {"da Silva", "Ferreira", "Gonçalves", "Magalhães", "Antunes", "Simões"};
    private static final String[] LAST_EN = {"Wright", "Hughes", "Bradshaw", "O'Connor", "Whitfield"};
    private static final String[] LAST_AR = {"Benali", "Haddad", "Mansouri", "El Khatib", "Bouzid"};
    private static final String[] MAIL = {"courriel.example", "poste.example", "famille.example", "maison.example"};

    private final Random random;
    private final Set<String> mailboxes = new HashSet<>();

    People(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    /** @param range the five digits after the zero of a fiction range; @return numbers from..to in a shuffled order */
    List<String> numbers(String range, int from, int to) {
        List<String> numbers = new ArrayList<>();
        for (int n = from; n < to; n++) {
            numbers.add(range + String.format(Locale.ROOT, "%04d", n));
        }
        Collections.shuffle(numbers, random);
        return numbers;
    }

    String first(boolean woman) {
        return pick(woman ? FIRST_F : FIRST_M);
    }

    String last(String language) {
        return pick(
                switch (language) {
                    case "pt" -> LAST_PT;
                    case "en" -> LAST_EN;
                    case "ar" -> LAST_AR;
                    default -> LAST;
                });
    }

    String mailbox(String first, String last) {
        return mailbox(first, last, pick(MAIL));
    }

    String mailbox(String first, String last, String domain) {
        String local = ascii(first) + "." + ascii(last);
        String box = local + "@" + domain;
        for (int n = 2; !mailboxes.add(box); n++) {
            box = local + n + "@" + domain;
        }
        return box;
    }

    /** A number (nine digits, without its zero) the way somebody wrote it. */
    String written(String nine) {
        String[] pairs = {nine.substring(1, 3), nine.substring(3, 5), nine.substring(5, 7), nine.substring(7, 9)};
        String rest = String.join(" ", pairs);
        int way = random.nextInt(100);
        if (way < 55) {
            return "0" + nine.charAt(0) + " " + rest;
        } else if (way < 67) {
            return "0" + nine.charAt(0) + "." + String.join(".", pairs);
        } else if (way < 82) {
            return "0" + nine;
        } else if (way < 88) {
            return "+33 " + nine.charAt(0) + " " + rest;
        } else if (way < 91) {
            return "0033" + nine;
        } else if (way < 94) {
            return "+33 (0)" + nine.charAt(0) + " " + rest;
        } else if (way < 98) {
            // a spreadsheet took the zero for a number's
            return nine;
        }
        return "0" + nine.charAt(0) + "-" + String.join("-", pairs);
    }

    /** A number nobody can be reached at, as files are full of. */
    String wrong(String nine) {
        String shown = "0" + nine.charAt(0) + " " + nine.substring(1, 3) + " " + nine.substring(3, 5) + " ";
        return switch (random.nextInt(6)) {
            case 0 -> shown + nine.substring(5, 7);
            case 1 -> shown + nine.substring(5, 7) + " " + nine.substring(7, 9) + " 7";
            case 2 -> shown + nine.substring(5, 7) + " O" + nine.charAt(8);
            case 3 -> "néant";
            case 4 -> "ne sait pas";
            default -> "00 00 00 00 00";
        };
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String ascii(String name) {
        return Normalizer.normalize(name.replace("Œ", "Oe"), Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z-]", "");
    }
}
