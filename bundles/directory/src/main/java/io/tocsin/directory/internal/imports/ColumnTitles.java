package io.tocsin.directory.internal.imports;

import io.tocsin.directory.internal.imports.Field.Kind;
import io.tocsin.directory.internal.value.CleanText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What column titles of French and English contact files usually mean; accents, case and punctuation do not matter. */
final class ColumnTitles {
    private static final Map<String, Field> EXACT = new HashMap<>();
    private static final Set<String> MAIL_WORDS =
            Set.of("mail", "mails", "email", "emails", "courriel", "courriels", "mel");
    private static final Set<String> MOBILE_WORDS = Set.of(
            "mobile", "mobiles", "portable", "portables", "gsm", "sms", "cell", "cellphone", "cellulaire", "port");
    private static final Set<String> PHONE_WORDS =
            Set.of("tel", "tels", "telephone", "telephones", "phone", "phones", "fixe", "landline", "domicile");
    private static final Set<String> FAX_WORDS = Set.of("fax", "telecopie", "telecopieur");

    static {
        put(
                Kind.EXTERNAL_ID,
                "id, identifiant, identifiant externe, id externe, external id, externalid, ref, reference, matricule");
        put(
                Kind.EXTERNAL_ID,
                "uid, cle, key, code, numero, n, employee id, id contact, identifiant contact, ref externe, no");
        put(
                Kind.FULL_NAME,
                "nom prenom, nom et prenom, nom prenoms, prenom nom, prenom et nom, nom complet, full name, name, contact");
        put(Kind.FIRST_NAME, "prenom, prenoms, prenom usuel, prenom s, first name, firstname, given name, forename");
        put(
                Kind.LAST_NAME,
                "nom, noms, nom de famille, nom usuel, nom d usage, nom usage, nom de naissance, last name");
        put(Kind.LAST_NAME, "lastname, surname, family name, nom du contact, nom s");
        put(Kind.LANGUAGE, "langue, langues, language, lang, langue parlee, langue preferee, preferred language");
        put(Kind.HOUSEHOLD, "foyer, household, menage, famille, no foyer, numero foyer, id foyer, code foyer, n foyer");
        put(
                Kind.TAGS,
                "tags, tag, etiquette, etiquettes, groupe, groupes, group, groups, categorie, categories, liste, listes");
        // x and y are not guessed: whoever writes those usually means metres of a projection
        put(Kind.LATITUDE, "latitude, lat, latitude gps, gps latitude, latitude wgs84, coord lat");
        put(Kind.LONGITUDE, "longitude, lon, lng, long, longitude gps, gps longitude, longitude wgs84, coord lon");
        put(Kind.WEBHOOK, "webhook, webhooks, url webhook, adresse webhook, webhook url");
        put(Kind.PUBLICATION, "publication, publications, page publique, compte mastodon, mastodon");
        variable("civilite", "civilite, titre, salutation");
        variable("adresse", "adresse, adresse postale, address, street address, adresse 1");
        variable("rue", "rue, voie, street, nom de voie, libelle voie");
        variable("quartier", "quartier, district, neighbourhood, neighborhood");
        variable("secteur", "secteur, zone, sector");
        variable("ville", "ville, commune, city, town");
        variable("code_postal", "code postal, cp, postcode, zip, zip code, postal code");
        variable("etage", "etage, floor");
        variable("batiment", "batiment, building, bat");
        variable("service", "service, department, departement");
        variable("fonction", "fonction, poste, job, job title, role");
        variable("site", "site, etablissement");
    }

    private ColumnTitles() {}

    private static void put(Kind kind, String titles) {
        Arrays.stream(titles.split(", ")).forEach(title -> EXACT.put(title, Field.of(kind)));
    }

    private static void variable(String name, String titles) {
        Arrays.stream(titles.split(", ")).forEach(title -> EXACT.put(title, Field.variable(name)));
    }

    /** @return the field the title most likely means, or empty */
    static Optional<Field> meaning(String title) {
        String clean = CleanText.of(title);
        Optional<Field> said = said(clean);
        if (said.isPresent()) {
            return said;
        }
        String key = CleanText.key(clean);
        Field exact = EXACT.get(key);
        if (exact != null) {
            return Optional.of(exact);
        }
        Set<String> words =
                new HashSet<>(Arrays.asList(key.replaceAll("\\d+", " ").strip().split(" +")));
        if (any(words, FAX_WORDS)) {
            return Optional.empty();
        }
        if (any(words, MAIL_WORDS)
                || words.contains("e") && words.contains("mail")
                || key.contains("adresse electronique")) {
            return Optional.of(Field.of(Kind.EMAIL));
        }
        if (any(words, MOBILE_WORDS)) {
            return Optional.of(Field.of(Kind.MOBILE));
        }
        return any(words, PHONE_WORDS) ? Optional.of(Field.of(Kind.PHONE)) : Optional.empty();
    }

    /** Our own field names as titles: {@code external_id}, {@code var:quartier}. */
    private static Optional<Field> said(String title) {
        try {
            return title.isEmpty() ? Optional.empty() : Optional.of(Field.parse(title));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean any(Set<String> words, Set<String> of) {
        return words.stream().anyMatch(of::contains);
    }
}
