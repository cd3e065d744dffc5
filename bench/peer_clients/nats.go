// Load on a NATS JetStream server, for bench/peers.
//
//	nats ADDRESS batch|single EVENTS WRITERS
//
// batch: groups of 1,000 published without waiting, three groups under way; single: WRITERS connections, each waiting for
// the acknowledgement of its message. Prints messages a second, then p50, p99, p99.9 and max in microseconds.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func event(number int) []byte {
	text := fmt.Sprintf("u-%012d //meter/eu-1 daybook.UsageRecorded sub-%04d vm-b%ds ", number, number%1000, number%7)
	for len(text) < 230 {
		text += "/subscriptions/sub-01/vm/web-07 EU West Virtual Machines 1 Hour "
	}
	return []byte(text[:230])
}

func connect(address string) nats.JetStreamContext {
	connection, err := nats.Connect(address)
	must(err)
	stream, err := connection.JetStream(nats.PublishAsyncMaxPending(4000))
	must(err)
	return stream
}

func report(micros []float64, events int, begun time.Time) {
	rate := float64(events) / time.Since(begun).Seconds()
	sort.Float64s(micros)
	at := func(share float64) float64 { return micros[min(int(share*float64(len(micros))), len(micros)-1)] }
	fmt.Printf("%.0f %.0f %.0f %.0f %.0f\n", rate, at(0.5), at(0.99), at(0.999), micros[len(micros)-1])
}

func batches(stream nats.JetStreamContext, events int) {
	const group, underWay = 1000, 3
	type sent struct {
		futures []nats.PubAckFuture
		at      time.Time
	}
	var waiting []sent
	var micros []float64
	finish := func() {
		for _, future := range waiting[0].futures {
			select {
			case <-future.Ok():
			case err := <-future.Err():
				must(err)
			}
		}
		micros = append(micros, float64(time.Since(waiting[0].at).Microseconds()))
		waiting = waiting[1:]
	}
	begun := time.Now()
	for first := 0; first < events; first += group {
		next := sent{at: time.Now()}
		for i := first; i < first+group; i++ {
			future, err := stream.PublishAsync("events", event(i))
			must(err)
			next.futures = append(next.futures, future)
		}
		waiting = append(waiting, next)
		if len(waiting) == underWay {
			finish()
		}
	}
	for len(waiting) > 0 {
		finish()
	}
	report(micros, events, begun)
}

func singles(address string, events, writers int) {
	var lock sync.Mutex
	var all []float64
	var group sync.WaitGroup
	streams := make([]nats.JetStreamContext, writers)
	for i := range streams {
		streams[i] = connect(address)
	}
	begun := time.Now()
	for i := 0; i < writers; i++ {
		group.Add(1)
		go func(writer int) {
			defer group.Done()
			var micros []float64
			for number := writer; number < events; number += writers {
				sent := time.Now()
				_, err := streams[writer].Publish("events", event(number))
				must(err)
				micros = append(micros, float64(time.Since(sent).Microseconds()))
			}
			lock.Lock()
			all = append(all, micros...)
			lock.Unlock()
		}(i)
	}
	group.Wait()
	report(all, events, begun)
}

func main() {
	events, err := strconv.Atoi(os.Args[3])
	must(err)
	writers, err := strconv.Atoi(os.Args[4])
	must(err)
	stream := connect(os.Args[1])
	_ = stream.DeleteStream("events")
	_, err = stream.AddStream(&nats.StreamConfig{Name: "events", Subjects: []string{"events"}, Storage: nats.FileStorage})
	must(err)
	if os.Args[2] == "batch" {
		batches(stream, events)
	} else {
		singles(os.Args[1], events, writers)
	}
	info, err := stream.StreamInfo("events")
	must(err)
	if info.State.Msgs != uint64(events) {
		must(fmt.Errorf("the stream holds %d messages of %d", info.State.Msgs, events))
	}
}
