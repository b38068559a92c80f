package io.tocsin.channel.publish.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Where this node keeps what it published: {@code sites/SITE/site.json} and {@code PAGE.page} beside it, {@code
 * posts/ACCOUNT/HANDLE.page}. Its place is the node's setting, not an account's: tenants name no paths.
 */
@Component(service = PublicFolder.class, configurationPid = PublicFolder.PID)
@Designate(ocd = PublicFolder.Settings.class)
public final class PublicFolder {
    static final String PID = "io.tocsin.channel.publish";
    private static final String SITE = "site.json";

    /** {@code etc/io.tocsin.channel.publish.cfg}. */
    @ObjectClassDefinition(
            id = PID,
            name = "Tocsin public pages",
            description = "Where this node keeps what it published")
    public @interface Settings {
        @AttributeDefinition(
                description = "empty: publish in the node's data folder. On a file system that nodes share, each serves"
                        + " what any of them published")
        String folder() default "";
    }

    private final Path root;

    @Activate
    public PublicFolder(Settings settings, BundleContext bundle) {
        this(
                settings.folder().isBlank()
                        ? Path.of(
                                Optional.ofNullable(bundle.getProperty("karaf.data"))
                                        .orElse("data"),
                                "publish")
                        : Path.of(settings.folder().strip()));
    }

    PublicFolder(Path root) {
        this.root = root.toAbsolutePath();
    }

    Path site(String name) {
        return root.resolve("sites").resolve(name);
    }

    Path siteFile(String name) {
        return site(name).resolve(SITE);
    }

    Path pageFile(String site, String page) {
        return site(site).resolve(page + ".page");
    }

    PageFile page(String site, String page) {
        return new PageFile(pageFile(site, page));
    }

    /** What was posted on an account of another server. */
    PageFile posts(String account, Outlet.Handle handle) {
        return new PageFile(root.resolve("posts").resolve(plain(account)).resolve(handle + ".page"));
    }

    /** An account's id as a file's name. */
    private static String plain(String account) {
        StringBuilder plain = new StringBuilder();
        account.chars()
                .forEach(c -> plain.append(
                        c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
                                ? Character.toString(c)
                                : "." + Integer.toHexString(c)));
        return plain.toString();
    }

    /** @throws NoSuchFileException if there is none of that name */
    Site readSite(String name) throws IOException {
        return PageJson.site(Files.readAllBytes(siteFile(name)));
    }

    /**
     * Writes down what a site is like now. What another account published under its name before goes.
     *
     * @throws IOException if the folder cannot be written to
     */
    void open(Site site) throws IOException {
        Path file = siteFile(site.name());
        Files.createDirectories(file.getParent());
        byte[] now = PageJson.bytes(site);
        byte[] before = before(file);
        if (before.length > 0 && !isOf(site.account(), before)) {
            try (Stream<Path> files = Files.list(file.getParent())) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
        }
        if (!Arrays.equals(now, before)) {
            PageFile.replace(file, now);
        }
    }

    private static byte[] before(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException first) {
            return new byte[0];
        }
    }

    private static boolean isOf(String account, byte[] site) {
        try {
            return PageJson.site(site).account().equals(account);
        } catch (IOException unreadable) {
            return true; // what was published is kept rather than lost
        }
    }

    /** Whether a page can be written now. */
    void probe(String site) throws IOException {
        Path probe = Files.createTempFile(site(site), "probe", ".new");
        try {
            Files.write(probe, new byte[] {'\n'});
        } finally {
            Files.delete(probe);
        }
    }

    @Override
    public String toString() {
        return "PublicFolder[" + root + "]";
    }
}
