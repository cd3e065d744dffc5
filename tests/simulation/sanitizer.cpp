/// Half of the time would go into noting where each piece of memory was asked for. And where a process would have ended,
/// the simulation goes on: what RocksDB was about to do then is lost, and no leak of ours.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "malloc_context_size=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:max_malloc_fill_size=0:detect_leaks=0";
}
