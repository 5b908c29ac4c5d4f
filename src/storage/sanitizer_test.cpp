#ifdef __SANITIZE_THREAD__
// Debian's librocksdb is not instrumented, so the thread sanitizer does not see how it orders its
// threads.
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:librocksdb.so\nrace:librocksdb.so\n";
}
#endif
