// Load on an immudb server, for bench/peers.
//
//	immudb PORT batch|single EVENTS WRITERS
//
// batch: transactions of 1,000 rows from one, two or four clients (WRITERS says how many); single: WRITERS clients, each
// setting one row after another. Prints rows a second, then p50, p99, p99.9 and max in microseconds.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/codenotary/immudb/pkg/api/schema"
	"github.com/codenotary/immudb/pkg/client"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func event(number int) *schema.KeyValue {
	text := fmt.Sprintf("//meter/eu-1 daybook.UsageRecorded sub-%04d vm-b%ds ", number%1000, number%7)
	for len(text) < 230 {
		text += "/subscriptions/sub-01/vm/web-07 EU West Virtual Machines 1 Hour "
	}
	return &schema.KeyValue{Key: []byte(fmt.Sprintf("u-%012d", number)), Value: []byte(text[:216])}
}

func main() {
	port, err := strconv.Atoi(os.Args[1])
	must(err)
	events, err := strconv.Atoi(os.Args[3])
	must(err)
	writers, err := strconv.Atoi(os.Args[4])
	must(err)
	size, base := 1, 1_000_000_000
	if os.Args[2] == "batch" {
		size, base = 1000, 2_000_000_000+writers*100_000_000
	}
	home, err := os.MkdirTemp("", "immudb-client")
	must(err)
	defer os.RemoveAll(home)
	clients := make([]client.ImmuClient, writers)
	open := func(database string) client.ImmuClient {
		options := client.DefaultOptions().WithAddress("127.0.0.1").WithPort(port).WithDir(home).WithMaxRecvMsgSize(64 << 20)
		one := client.NewClient().WithOptions(options)
		must(one.OpenSession(context.Background(), []byte("immudb"), []byte("immudb"), database))
		return one
	}
	// The default database takes 30 writers at once.
	first := open("defaultdb")
	_, err = first.CreateDatabaseV2(context.Background(), "bench", &schema.DatabaseNullableSettings{
		MaxConcurrency: &schema.NullableUint32{Value: 128}})
	if err != nil && !strings.Contains(err.Error(), "already exists") {
		must(err)
	}
	must(first.CloseSession(context.Background()))
	for i := range clients {
		clients[i] = open("bench")
	}
	var lock sync.Mutex
	var all []float64
	var group sync.WaitGroup
	begun := time.Now()
	for i := 0; i < writers; i++ {
		group.Add(1)
		go func(writer int) {
			defer group.Done()
			var micros []float64
			for number := writer * size; number < events; number += writers * size {
				rows := &schema.SetRequest{}
				for row := number; row < number+size; row++ {
					rows.KVs = append(rows.KVs, event(base+row))
				}
				sent := time.Now()
				_, err := clients[writer].SetAll(context.Background(), rows)
				must(err)
				micros = append(micros, float64(time.Since(sent).Microseconds()))
			}
			lock.Lock()
			all = append(all, micros...)
			lock.Unlock()
		}(i)
	}
	group.Wait()
	rate := float64(events) / time.Since(begun).Seconds()
	sort.Float64s(all)
	at := func(share float64) float64 { return all[min(int(share*float64(len(all))), len(all)-1)] }
	fmt.Printf("%.0f %.0f %.0f %.0f %.0f\n", rate, at(0.5), at(0.99), at(0.999), all[len(all)-1])
	for _, one := range clients {
		must(one.CloseSession(context.Background()))
	}
}
