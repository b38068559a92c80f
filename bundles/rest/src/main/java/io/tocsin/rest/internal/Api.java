package io.tocsin.rest.internal;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Listening;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.alerting.api.Statistics;
import io.tocsin.audit.api.Drills;
import io.tocsin.audit.api.Journal;
import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.Contacts;
import io.tocsin.directory.api.Imports;
import io.tocsin.persistence.api.Database;
import io.tocsin.rest.internal.problems.Problems;
import io.tocsin.rest.internal.resources.Accounts;
import io.tocsin.rest.internal.resources.Agencies;
import io.tocsin.rest.internal.resources.AgencyCaps;
import io.tocsin.rest.internal.resources.AgencyTenants;
import io.tocsin.rest.internal.resources.AlertFollowUps;
import io.tocsin.rest.internal.resources.AlertReports;
import io.tocsin.rest.internal.resources.AlertRuns;
import io.tocsin.rest.internal.resources.AlertScenarios;
import io.tocsin.rest.internal.resources.Channels;
import io.tocsin.rest.internal.resources.ConsentDesk;
import io.tocsin.rest.internal.resources.ContactImports;
import io.tocsin.rest.internal.resources.Description;
import io.tocsin.rest.internal.resources.Directory;
import io.tocsin.rest.internal.resources.JournalPages;
import io.tocsin.rest.internal.resources.Operators;
import io.tocsin.rest.internal.resources.OperatorsCluster;
import io.tocsin.rest.internal.resources.Phones;
import io.tocsin.rest.internal.resources.PlatformAccounts;
import io.tocsin.rest.internal.resources.PlatformJournal;
import io.tocsin.rest.internal.resources.PlatformRunbooks;
import io.tocsin.rest.internal.resources.PlatformState;
import io.tocsin.rest.internal.resources.Sessions;
import io.tocsin.rest.internal.resources.TenantCaps;
import io.tocsin.rest.internal.resources.TenantDesk;
import io.tocsin.rest.internal.resources.TenantDocuments;
import io.tocsin.rest.internal.resources.TenantPhones;
import io.tocsin.rest.internal.resources.TenantReadiness;
import io.tocsin.rest.internal.resources.Tenants;
import io.tocsin.rest.internal.resources.TrialContact;
import io.tocsin.rest.internal.resources.Users;
import io.tocsin.rest.internal.resources.VoiceLexicon;
import io.tocsin.rest.internal.resources.VoiceListening;
import io.tocsin.rest.internal.resources.VoiceRecordings;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Consents;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.TenantFolders;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.ext.RuntimeDelegate;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import org.apache.cxf.Bus;
import org.apache.cxf.binding.BindingFactoryManager;
import org.apache.cxf.bus.extension.ExtensionManagerBus;
import org.apache.cxf.jaxrs.JAXRSBindingFactory;
import org.apache.cxf.jaxrs.impl.RuntimeDelegateImpl;
import org.apache.cxf.jaxrs.servlet.CXFNonSpringJaxrsServlet;
import org.apache.cxf.transport.DestinationFactoryManager;
import org.apache.cxf.transport.http.HTTPTransportFactory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Puts the resources under {@code /api/v1} on CXF, without Spring and without a configuration file. */
@Component(service = Servlet.class, configurationPid = "io.tocsin.rest")
@HttpWhiteboardServletPattern("/api/v1/*")
@HttpWhiteboardServletAsyncSupported
@Designate(ocd = Api.Settings.class)
public final class Api extends CXFNonSpringJaxrsServlet {
    private static final long serialVersionUID = 1L;

    /** Settings of the HTTP doors. */
    @ObjectClassDefinition(name = "Tocsin HTTP API")
    public @interface Settings {
        @AttributeDefinition(description = "Largest contact file taken, in MiB")
        int maxUploadMiB() default 100;

        @AttributeDefinition(
                description = "Reverse proxies whose X-Forwarded-For is believed: addresses or networks, by commas")
        String[] trustedProxies() default {};
    }

    private final transient Uploads uploads;
    private transient volatile boolean open;

    @Activate
    public Api(
            Settings settings,
            BundleContext bundle,
            @Reference Database database,
            @Reference Authentication authentication,
            @Reference Tenancy tenancy,
            @Reference TenantFolders folders,
            @Reference Contacts contacts,
            @Reference ContactLists lists,
            @Reference Imports imports,
            @Reference Scenarios scenarios,
            @Reference Alerts alerts,
            @Reference Recordings recordings,
            @Reference Documents documents,
            @Reference Lexicons lexicons,
            @Reference Listening listening,
            @Reference Journal journal,
            @Reference Drills drills,
            @Reference DispatchStatus dispatch,
            @Reference PhoneLogins phones,
            @Reference ScenarioNumbers numbers,
            @Reference Statistics statistics,
            @Reference Consents consents,
            @Reference InstalledChannels installed,
            @Reference ClusterStatus cluster)
            throws IOException {
        this(
                new Origins(settings.trustedProxies()),
                new Uploads(bundle.getDataFile("uploads").toPath(), settings.maxUploadMiB() * 1024L * 1024L),
                database,
                authentication,
                tenancy,
                folders,
                contacts,
                lists,
                imports,
                scenarios,
                alerts,
                recordings,
                documents,
                lexicons,
                listening,
                journal,
                drills,
                dispatch,
                phones,
                numbers,
                statistics,
                consents,
                installed,
                cluster);
    }

    private Api(
            Origins origins,
            Uploads uploads,
            Database database,
            Authentication authentication,
            Tenancy tenancy,
            TenantFolders folders,
            Contacts contacts,
            ContactLists lists,
            Imports imports,
            Scenarios scenarios,
            Alerts alerts,
            Recordings recordings,
            Documents documents,
            Lexicons lexicons,
            Listening listening,
            Journal journal,
            Drills drills,
            DispatchStatus dispatch,
            PhoneLogins phones,
            ScenarioNumbers numbers,
            Statistics statistics,
            Consents consents,
            InstalledChannels installed,
            ClusterStatus cluster) {
        super(new Resources(published(
                origins,
                uploads,
                database,
                authentication,
                tenancy,
                folders,
                contacts,
                lists,
                imports,
                scenarios,
                alerts,
                recordings,
                documents,
                lexicons,
                listening,
                journal,
                drills,
                dispatch,
                phones,
                numbers,
                statistics,
                consents,
                installed,
                cluster)));
        this.uploads = uploads;
    }

    /** Everything that answers under {@code /api/v1}, and what serves it: the only list there is. */
    static Set<Object> published(
            Origins origins,
            Uploads uploads,
            Database database,
            Authentication authentication,
            Tenancy tenancy,
            TenantFolders folders,
            Contacts contacts,
            ContactLists lists,
            Imports imports,
            Scenarios scenarios,
            Alerts alerts,
            Recordings recordings,
            Documents documents,
            Lexicons lexicons,
            Listening listening,
            Journal journal,
            Drills drills,
            DispatchStatus dispatch,
            PhoneLogins phones,
            ScenarioNumbers numbers,
            Statistics statistics,
            Consents consents,
            InstalledChannels installed,
            ClusterStatus cluster) {
        return Set.of(
                new JacksonJsonProvider(Json.mapper()),
                new Problems(),
                new Gate(new Admission(authentication, tenancy)),
                new CallerContext(origins),
                new ApiHeaders(),
                new Description(),
                new Sessions(authentication, tenancy, origins),
                new Operators(tenancy, authentication),
                new Agencies(tenancy, authentication),
                new Tenants(tenancy),
                new TenantDesk(tenancy, folders),
                new Users(tenancy, authentication),
                new Phones(phones),
                new TenantPhones(tenancy, new Phones(phones), numbers),
                new Accounts(tenancy, dispatch),
                new Channels(tenancy, dispatch, installed),
                new AgencyCaps(tenancy, dispatch),
                new AgencyTenants(tenancy, dispatch, statistics, contacts, consents, Clock.systemUTC()),
                new TenantCaps(tenancy, dispatch),
                new Directory(tenancy, contacts, lists),
                new ContactImports(tenancy, imports, uploads, Json.mapper()),
                new AlertScenarios(tenancy, scenarios, listening, alerts),
                new TrialContact(tenancy, alerts, contacts),
                new AlertRuns(tenancy, alerts, consents),
                new AlertFollowUps(tenancy, alerts),
                new AlertReports(tenancy, statistics),
                new ConsentDesk(tenancy, consents),
                new VoiceRecordings(tenancy, recordings),
                new TenantDocuments(tenancy, documents),
                new VoiceLexicon(tenancy, lexicons),
                new VoiceListening(tenancy, listening),
                new JournalPages(tenancy, journal, database),
                new PlatformJournal(journal, database),
                new PlatformState(cluster),
                new OperatorsCluster(cluster),
                new PlatformRunbooks(drills),
                new PlatformAccounts(dispatch),
                new TenantReadiness(tenancy, statistics, Clock.systemUTC()));
    }

    @Deactivate
    void stop() throws IOException {
        uploads.close();
    }

    @Override
    public void init(ServletConfig config) throws ServletException {
        RuntimeDelegate.setInstance(new RuntimeDelegateImpl());
        super.init(config);
        open = true;
    }

    @Override
    public void destroy() {
        open = false;
        super.destroy();
    }

    /** Whether it answers: the service is there a good while before the HTTP container has made a servlet of it. */
    boolean open() {
        return open;
    }

    /** CXF finds these by Spring or by scanning; here they are named. */
    @Override
    protected void loadBus(ServletConfig config) {
        Bus bus = new ExtensionManagerBus();
        HTTPTransportFactory transport = new HTTPTransportFactory();
        DestinationFactoryManager destinations = bus.getExtension(DestinationFactoryManager.class);
        destinations.registerDestinationFactory("http://cxf.apache.org/transports/http", transport);
        destinations.registerDestinationFactory("http://cxf.apache.org/transports/http/configuration", transport);
        bus.getExtension(BindingFactoryManager.class)
                .registerBindingFactory(JAXRSBindingFactory.JAXRS_BINDING_ID, new JAXRSBindingFactory(bus));
        setBus(bus);
    }

    private static final class Resources extends Application {
        private final Set<Object> singletons;

        Resources(Set<Object> singletons) {
            this.singletons = singletons;
        }

        @Override
        public Set<Object> getSingletons() {
            return singletons;
        }
    }
}
