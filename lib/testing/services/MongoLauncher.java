import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/**
 * Starts the MongoDB-compatible server of the integration tests:
 * java -cp 'lib/*' MongoLauncher.java PORT FILE|memory oplog|no-oplog
 * Port 0 lets the system choose; the port is printed. SIGTERM writes the file and ends it.
 */
class MongoLauncher {
  /** The driver asks for wire version 9 or more, which the server's own list of versions does not reach. */
  record Version() implements MongoVersion {
    public List<Integer> getVersionArray() {
      return List.of(5, 0, 0, 0);
    }

    public int getWireVersion() {
      return 13;
    }
  }

  public static void main(String[] args) {
    MongoBackend backend = args[1].equals("memory") ? new MemoryBackend() : new H2Backend(args[1]);
    backend.version(new Version());
    MongoServer server = new MongoServer(backend);
    if (args[2].equals("oplog")) server.enableOplog();
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("listening " + server.getLocalAddress().getPort());
  }
}
