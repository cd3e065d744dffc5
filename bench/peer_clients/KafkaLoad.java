// Load on a Kafka broker, for bench/peers: java -cp 'LIB/*' KafkaLoad.java ADDRESS TOPIC batch|single EVENTS WRITERS
//
// batch: one idempotent producer that sends batches of about 1,000, up to five under way; single: WRITERS producers, each
// waiting for the acknowledgement of its record. Prints records a second, then p50, p99, p99.9 and max in microseconds (of
// records; a batch's first waits for its last).

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

public final class KafkaLoad {
  static final int RECORD_BYTES = 250;  // in a batch, with its own head

  static byte[] event(int number) {
    StringBuilder text = new StringBuilder(String.format("u-%012d //meter/eu-1 sub-%04d vm-b%ds ", number, number % 1000, number % 7));
    while (text.length() < 230) text.append("/subscriptions/sub-01/vm/web-07 EU West Virtual Machines 1 Hour ");
    return text.substring(0, 230).getBytes(StandardCharsets.UTF_8);
  }

  static KafkaProducer<byte[], byte[]> producer(String address, boolean batch) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", address);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("compression.type", "none");
    settings.put("linger.ms", batch ? "20" : "0");
    settings.put("batch.size", Integer.toString(batch ? 1000 * RECORD_BYTES : 1024));
    settings.put("buffer.memory", Integer.toString(batch ? 32 << 20 : 1 << 20));
    String bytes = "org.apache.kafka.common.serialization.ByteArraySerializer";
    settings.put("key.serializer", bytes);
    settings.put("value.serializer", bytes);
    return new KafkaProducer<>(settings);
  }

  public static void main(String[] words) throws Exception {
    String topic = words[1];
    boolean batch = words[2].equals("batch");
    int events = Integer.parseInt(words[3]);
    int writers = batch ? 1 : Integer.parseInt(words[4]);
    long[] nanos = new long[events];
    List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    for (int i = 0; i < writers; ++i) producers.add(producer(words[0], batch));
    for (KafkaProducer<byte[], byte[]> one : producers) one.send(new ProducerRecord<>(topic, event(0))).get();  // warm
    long begun = System.nanoTime();
    if (batch) {
      for (int i = 0; i < events; ++i) {
        int number = i;
        long sent = System.nanoTime();
        producers.get(0).send(new ProducerRecord<>(topic, event(i)), (data, failure) -> {
          if (failure != null) { failure.printStackTrace(); System.exit(1); }
          nanos[number] = System.nanoTime() - sent;
        });
      }
      producers.get(0).flush();
    } else {
      AtomicInteger next = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (KafkaProducer<byte[], byte[]> one : producers) {
        Thread thread = new Thread(() -> {
          try {
            for (int i = next.getAndIncrement(); i < events; i = next.getAndIncrement()) {
              long sent = System.nanoTime();
              one.send(new ProducerRecord<>(topic, event(i))).get();
              nanos[i] = System.nanoTime() - sent;
            }
          } catch (Exception failure) { failure.printStackTrace(); System.exit(1); }
        });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) thread.join();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    for (KafkaProducer<byte[], byte[]> one : producers) one.close();
    Arrays.sort(nanos);
    System.out.printf("%.0f", events / seconds);
    for (double share : new double[] {0.5, 0.99, 0.999, 1}) {
      System.out.printf(" %.0f", nanos[Math.min((int) (share * events), events - 1)] / 1e3);
    }
    System.out.println();
  }
}
