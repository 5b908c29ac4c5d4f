.PHONY: run test build bench format lint clean

run:     ; @tools/dev run
test:    ; @tools/dev test
build:   ; @tools/dev build release stator items
bench:   ; @tools/dev bench
format:  ; @tools/dev format
lint:    ; @tools/dev lint
clean:   ; @tools/dev clean
