#ifdef __SANITIZE_THREAD__
// Debian's librocksdb is not instrumented, so the thread sanitizer does not see how it orders its
// threads. The crash tests fork while their own syncer threads run; the child starts its own.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:librocksdb.so\nrace:librocksdb.so\n";
}
extern "C" const char* __tsan_default_options() {
  return "die_after_fork=0";
}
#endif
