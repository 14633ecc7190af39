module countersign.io/countersign

go 1.25.0
