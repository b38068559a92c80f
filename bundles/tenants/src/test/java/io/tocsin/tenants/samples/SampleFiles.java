package io.tocsin.tenants.samples;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * The contact files of the sample tenants: always the same bytes. {@code main} writes them into a tenants folder; a test
 * compares what is there.
 */
final class SampleFiles {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int INHABITANTS = 5_000;
    private static final String[] STREETS = {
        "rue du Stade",
        "rue de l'Église",
        "Grande Rue",
        "chemin du Moulin",
        "impasse des Tilleuls",
        "quai de la Loue",
        "rue du Général-Lecourbe",
        "allée des Frênes",
        "route de Montferrou",
        "place de la Fontaine",
        "rue des Écoles"
    };
    /** District to its share of a hundred households. */
    private static final Map<String, Integer> DISTRICTS = districts();

    private SampleFiles() {}

    public static void main(String[] arguments) throws IOException {
        for (Map.Entry<String, byte[]> file : all().entrySet()) {
            Path target = Path.of(arguments[0], file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
    }

    /** @return path under the tenants folder to content */
    static Map<String, byte[]> all() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("saint-aurel-sur-loue/contacts/habitants.csv", inhabitants());
        files.put("saint-aurel-sur-loue/contacts/agents.csv", agents());
        files.put("valchimie-montferrou/contacts/personnel.xlsx", staff());
        files.put("valchimie-montferrou/contacts/voisins.csv", neighbours());
        return files;
    }

    private static byte[] inhabitants() {
        People people = new People(1953);
        List<String> mobiles = people.numbers("63998", 0, 6_000);
        List<String> landlines = people.numbers("35301", 100, 6_000);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "Réf.",
                "Foyer",
                "Civilité",
                "Nom",
                "Prénom",
                "Adresse",
                "Quartier",
                "Portable",
                "Fixe",
                "Courriel",
                "Langue",
                "Étiquettes",
                "Latitude",
                "Longitude"));
        Random homes = new Random(1955);
        int household = 0;
        while (rows.size() <= INHABITANTS) {
            household++;
            String district = district(people.random().nextInt(100));
            String language = language(people.random().nextInt(100));
            String name = people.last(language);
            String address =
                    (1 + people.random().nextInt(90)) + (people.chance(6) ? " bis " : " ") + people.pick(STREETS);
            String landline = people.chance(34) ? landlines.remove(landlines.size() - 1) : "";
            boolean school = people.chance(17);
            int members = 1 + people.random().nextInt(4);
            List<String> home = home(district, homes);
            for (int m = 0; m < members && rows.size() <= INHABITANTS; m++) {
                boolean woman = m == 0 ? people.chance(52) : m % 2 == 0;
                String first = people.first(woman);
                boolean hasMobile = people.chance(landline.isEmpty() ? 97 : 82);
                String number = mobiles.remove(mobiles.size() - 1);
                String mobile = !hasMobile
                        ? ""
                        : people.random().nextInt(1000) < 13 ? people.wrong(number) : people.written(number);
                String mail = people.chance(58) ? people.mailbox(first, name) : "";
                List<String> tags = new ArrayList<>(List.of(slug(district)));
                if (school && m < 2 && members > 1) {
                    tags.add("parent-ecole");
                }
                if (people.chance(3)) {
                    tags.add("commercant");
                }
                rows.add(List.of(
                        String.format(Locale.ROOT, "SA-%05d", rows.size()),
                        String.format(Locale.ROOT, "F%04d", household),
                        woman ? "Mme" : "M.",
                        people.chance(60) ? name.toUpperCase(Locale.FRENCH) : name,
                        first,
                        address,
                        district,
                        mobile,
                        landline.isEmpty() ? "" : people.written(landline),
                        mail,
                        language,
                        String.join(", ", tags),
                        home.get(0),
                        home.get(1)));
            }
        }
        return csv(rows, ";", WINDOWS);
    }

    /** Where a household lives, as a spreadsheet in French writes it; of one in twenty the town hall does not know. */
    private static List<String> home(String district, Random random) {
        int at = List.copyOf(DISTRICTS.keySet()).indexOf(district);
        // the districts follow the river from the south-west, each a little higher up
        double north = 47.0180 + 0.0055 * at + 0.0016 * random.nextGaussian();
        double east = 6.0400 + 0.0080 * at + 0.0028 * random.nextGaussian();
        return random.nextInt(20) == 0
                ? List.of("", "")
                : List.of(String.format(Locale.FRENCH, "%.6f", north), String.format(Locale.FRENCH, "%.6f", east));
    }

    private static byte[] agents() {
        People people = new People(1954);
        List<String> mobiles = people.numbers("63998", 6_000, 6_200);
        List<String> offices = people.numbers("35301", 10, 90);
        String[] services = {
            "Services techniques",
            "Police municipale",
            "État civil",
            "École des Tilleuls",
            "Communication",
            "CCAS",
            "Finances"
        };
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "Matricule", "Nom", "Prénom", "Service", "Mobile pro", "Téléphone bureau", "E-mail", "Groupes"));
        for (int n = 1; n <= 64; n++) {
            String name = people.last("fr");
            String first = people.first(people.chance(50));
            List<String> groups = new ArrayList<>();
            if (n % 5 == 2) {
                groups.add("astreinte");
            }
            if (n <= 15) {
                groups.add("pcs");
            }
            rows.add(List.of(
                    String.format(Locale.ROOT, "AG-%03d", n),
                    name,
                    first,
                    services[n % services.length],
                    people.written(mobiles.get(n)),
                    people.chance(70) ? people.written(offices.get(n)) : "",
                    people.mailbox(first, name, "saint-aurel.example"),
                    String.join("|", groups)));
        }
        return csv(rows, ",", StandardCharsets.UTF_8);
    }

    private static byte[] staff() {
        People people = new People(1955);
        List<String> mobiles = people.numbers("63998", 7_000, 7_600);
        List<String> offices = people.numbers("35301", 7_000, 7_600);
        String[] services = {"Production", "Maintenance", "Laboratoire", "Logistique", "HSE", "Administration"};
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "Matricule", "Nom", "Prénom", "Service", "Équipe", "Mobile", "Poste fixe", "E-mail", "Étiquettes"));
        for (int n = 1; n <= 420; n++) {
            String name = people.last(people.chance(6) ? "pt" : "fr");
            String first = people.first(people.chance(35));
            boolean shift = n > 140;
            String team = shift ? String.valueOf((char) ('A' + n % 4)) : "Jour";
            List<String> tags = new ArrayList<>(List.of(shift ? "equipe-" + team.toLowerCase(Locale.ROOT) : "jour"));
            if (people.chance(9)) {
                tags.add("secouriste");
            }
            if (people.chance(6)) {
                tags.add("esi");
            }
            rows.add(List.of(
                    String.format(Locale.ROOT, "VM-%04d", n),
                    name,
                    first,
                    shift ? services[n % 4] : services[n % services.length],
                    team,
                    people.chance(98) ? people.written(mobiles.get(n)) : "",
                    people.chance(40) ? people.written(offices.get(n)) : "",
                    people.chance(92) ? people.mailbox(first, name, "valchimie.example") : "",
                    String.join(", ", tags)));
        }
        return Workbook.of("Personnel", rows);
    }

    private static byte[] neighbours() {
        People people = new People(1956);
        List<String> mobiles = people.numbers("63998", 8_000, 9_500);
        List<String> landlines = people.numbers("35301", 8_000, 9_500);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "N°",
                "Foyer",
                "Nom ou raison sociale",
                "Prénom",
                "Rayon",
                "Téléphone portable",
                "Téléphone fixe",
                "Mail",
                "Étiquettes"));
        String[] firms = {"SARL", "EARL", "Garage", "Boulangerie", "Établissements", "Transports"};
        int household = 0;
        while (rows.size() <= 900) {
            household++;
            String radius = people.pick("500", "1000", "1000", "2000", "2000", "2000");
            boolean firm = people.chance(7);
            String name = people.last("fr");
            int members = firm ? 1 : 1 + people.random().nextInt(3);
            for (int m = 0; m < members && rows.size() <= 900; m++) {
                String first = firm ? "" : people.first(people.chance(50));
                String mobile = mobiles.remove(mobiles.size() - 1);
                boolean hasLandline = firm || people.chance(20);
                rows.add(List.of(
                        String.format(Locale.ROOT, "V%04d", rows.size()),
                        String.format(Locale.ROOT, "PPI-%03d", household),
                        firm ? people.pick(firms) + " " + name : name,
                        first,
                        radius + " m",
                        people.random().nextInt(1000) < 15 ? people.wrong(mobile) : people.written(mobile),
                        hasLandline ? people.written(landlines.remove(landlines.size() - 1)) : "",
                        people.chance(62) ? people.mailbox(firm ? "contact" : first, name) : "",
                        "rayon-" + radius + "m" + (firm ? ", entreprise" : "")));
            }
        }
        return csv(rows, ";", WINDOWS);
    }

    private static byte[] csv(List<List<String>> rows, String separator, Charset charset) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>();
            for (String cell : row) {
                boolean quote = cell.contains(separator) || cell.contains("\"");
                cells.add(quote ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
            }
            text.append(String.join(separator, cells)).append("\r\n");
        }
        return text.toString().getBytes(charset);
    }

    private static Map<String, Integer> districts() {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put("Bourg", 28);
        shares.put("Quartier bas", 17);
        shares.put("Bords de Loue", 14);
        shares.put("Les Hauts", 18);
        shares.put("La Gare", 12);
        shares.put("Les Granges", 11);
        return shares;
    }

    private static String district(int hundredth) {
        int sum = 0;
        for (Map.Entry<String, Integer> district : DISTRICTS.entrySet()) {
            sum += district.getValue();
            if (hundredth < sum) {
                return district.getKey();
            }
        }
        throw new IllegalStateException("the shares do not make a hundred");
    }

    private static String language(int hundredth) {
        return hundredth < 92 ? "fr" : hundredth < 95 ? "pt" : hundredth < 98 ? "en" : "ar";
    }

    private static String slug(String district) {
        return district.toLowerCase(Locale.ROOT).replace(' ', '-');
    }
}
